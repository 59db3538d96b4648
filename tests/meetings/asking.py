"""How tests of pages about meetings ask for them, and what they type."""

from django.urls import reverse

LONG = "x" * 5000
HOSTILE = "<script>alert(1)</script>"


def address(name: str, case, *args) -> str:
    return reverse(name, args=[case.pk, *args])


def text(response, status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


def day(name: str, when, hour: str = "") -> dict[str, str]:
    parts = {f"{name}_day": when.day, f"{name}_month": when.month, f"{name}_year": when.year}
    return {key: str(value) for key, value in parts.items()} | ({f"{name}_time": hour} if hour else {})
