"""What a page may fetch while it is set: pictures that we hand it ourselves, and nothing else."""

from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

SCHEME = "ornament:"


class OnlyOrnaments(URLFetcher):  # type: ignore[misc]  # WeasyPrint publishes no types
    """Hands out the PNGs that it was given by address; no file, no network, no data URL."""

    def __init__(self, pictures: dict[str, bytes]) -> None:
        super().__init__()
        self._pictures = pictures

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url not in self._pictures:
            # A fault in our page, or somebody's text that became markup: better no PDF than that one.
            raise FatalURLFetchingError(f"a certificate asked for {url!r:.200}")
        return URLFetcherResponse(url, self._pictures[url], {"Content-Type": "image/png"})
