# One image for web, workers, beat and the one-shot that prepares the database.

FROM node:24-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY assets ./assets
RUN npm run build

FROM python:3.11-slim-bookworm
# What PDF copies are laid out with; the font is for names in letters that the pages' own font has not, like Arabic.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
# The same place for the packages as outside a container, so that the starter finds them.
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements/base.txt
COPY . .
COPY --from=assets /build/static/built static/built
# Static files are named by their content, which needs settings but no server and no real key.
RUN SECRET_KEY=build PRINCIPAL_KEY=build DATABASE_URL=postgres:///none \
    .venv/bin/python manage.py collectstatic --noinput --verbosity=0 \
    && useradd --system --uid 10001 casework
ENV PATH=/app/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER casework
EXPOSE 8000
CMD ["gunicorn", "cre_case.wsgi", "--bind", "0.0.0.0:8000", "--preload", "--workers", "2", "--threads", "4", \
     "--timeout", "60", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
