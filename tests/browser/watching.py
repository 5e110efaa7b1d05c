"""What no page may do while a test looks at it: complain in the console, break, fail, or ask another host."""

import re
from urllib.parse import urlsplit

# Chromium says each answer 4xx in the console; that these are right is each test's own business.
ANSWER_4XX = r"^Failed to load resource: the server responded with a status of 4\d\d"
OWN_SCHEMES = ("data", "blob", "about")


class Watch:
    """Listens to every page of a browser context; `faults` is what went wrong."""

    def __init__(self, context, host):
        self.host = host
        self.faults = []
        self.expected = [re.compile(ANSWER_4XX)]
        context.on("console", self._console)
        context.on("weberror", lambda error: self._fault(f"page error: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def expect(self, *patterns):
        """Declare what a test provokes on purpose (regular expressions)."""
        self.expected += [re.compile(pattern) for pattern in patterns]

    def _fault(self, text):
        if not any(pattern.search(text) for pattern in self.expected):
            self.faults.append(text)

    def _console(self, message):
        if message.type == "error":
            self._fault(message.text)

    def _request(self, request):
        parts = urlsplit(request.url)
        if parts.scheme not in OWN_SCHEMES and parts.netloc != self.host:
            self._fault(f"a request to {request.url}")

    def _response(self, response):
        if response.status >= 500:
            self._fault(f"{response.status} on {response.url}")
