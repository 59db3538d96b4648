# The whole program from a bare Python 3.11: see launch/ and docs/operating.md.
PYTHON ?= python3

.PHONY: run test check prove bench demo-reset backup restore audit requirements clean

run: ## start everything: http://127.0.0.1:8000/ (PORT=... for another port)
	@exec $(PYTHON) -m launch run

test: ## the whole test suite (ARGS="-k name" for a part)
	@exec $(PYTHON) -m launch test

check: ## linters, types, import contract, migrations, browser journeys
	@exec $(PYTHON) -m launch check

prove: ## the long proofs at full size: every cell of the access matrix, with both walls and with one
	@exec $(PYTHON) -m launch prove

bench: ## the measured figures
	@exec $(PYTHON) -m launch bench

demo-reset: ## drop the demo database and load the demo city anew
	@exec $(PYTHON) -m launch demo-reset

backup: ## a backup enciphered for the key of BACKUP_RECIPIENT, in BACKUP_FOLDER (.local/backups)
	@exec $(PYTHON) -m launch backup

restore: ## restore the newest backup (or BACKUP) with BACKUP_KEY, compare and drop it: a drill; RESTORE_INTO=name keeps it
	@exec $(PYTHON) -m launch restore

audit: ## ask the package index for known weaknesses of what runs, and write what that is to .local/sbom.json
	@exec $(PYTHON) -m launch audit

requirements: ## resolve requirements/*.in into pinned, hashed requirements/*.txt
	@for name in base local dev; do .venv/bin/uv pip compile --quiet --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --universal --python-version 3.11 requirements/$$name.in --output-file requirements/$$name.txt; done

clean: ## remove what was installed and built (not the data in .local/postgres)
	rm -rf .venv node_modules static/built staticfiles .local/*.stamp
