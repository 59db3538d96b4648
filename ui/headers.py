"""Headers that no library here sends."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Nothing here needs a camera, a microphone, a place or anything else of a device.
NOTHING = ", ".join(
    f"{what}=()"
    for what in (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi",
        "payment", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip


class PermissionsPolicy:
    """Tells browsers that no page may ask for anything of the device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Permissions-Policy"] = NOTHING
        return response
