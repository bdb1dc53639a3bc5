"""A platform of a few lines for tests: plans, progress and tus 1.0, on loopback."""

import base64
import http.server
import json
import threading
import time


class Platform:
    """`breaks` is how often a PATCH is cut off half-way; `cancel` answers progress so; `refuse` is a status for uploads;
    `plan_status` one for plans, with a page that is none; `pause` seconds pass before each PATCH is answered; `files` are given out by path, and cut off
    half-way `cuts` times."""

    def __init__(self, plan=None, breaks=0, cancel=False, refuse=None, fail_progress=0, plan_status=None, pause=0.0, files=None):
        self.plan, self.breaks, self.cancel, self.refuse, self.fail_progress = plan, breaks, cancel, refuse, fail_progress
        self.plan_status, self.pause, self.files = plan_status, pause, files or {}
        self.beats, self.cuts, self.ranges, self.has_ranges = 0, 0, [], True
        self.lines, self.received, self.requests, self.metadata, self.length = [], bytearray(), [], {}, None
        platform = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, body=b"", **headers):
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), "Tus-Resumable": "1.0.0", **headers}.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(body)

            def give(self, whole):
                """A file from where it is asked for; cut off half-way as long as `cuts` says so."""
                wanted = self.headers.get("Range")
                start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and platform.has_ranges else 0
                platform.ranges.append(wanted)
                if start >= len(whole) > 0:
                    return self.answer(416, Content_Range=f"bytes */{len(whole)}")
                body = whole[start:]
                self.send_response(206 if start else 200)
                self.send_header("Content-Length", str(len(body)))
                if start:
                    self.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
                self.end_headers()
                if platform.cuts:
                    platform.cuts -= 1
                    self.wfile.write(body[: len(body) // 2])
                    self.close_connection = True
                    return None
                self.wfile.write(body)

            def handle_one(self):
                platform.requests.append((self.command, self.path, self.headers.get("Authorization")))
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) if self.command in ("POST", "PATCH") else b""
                if self.command == "GET" and self.path in platform.files:
                    return self.give(platform.files[self.path])
                if self.command == "GET" and platform.plan_status:
                    return self.answer(platform.plan_status, b"<html>")
                if self.command == "GET":
                    found = platform.plan is not None and self.path == f"/training/plans/{platform.plan['run']['id'][:8]}"
                    return self.answer(200, json.dumps(platform.plan).encode()) if found else self.answer(404)
                if self.path.endswith("/progress"):
                    if platform.fail_progress:
                        platform.fail_progress -= 1
                        return self.answer(503)
                    platform.lines += json.loads(body)
                    platform.beats += json.loads(body) == []
                    return self.answer(200, json.dumps({"accepted": len(json.loads(body)), "cancel": platform.cancel}).encode())
                if self.command == "POST":
                    if platform.refuse:
                        return self.answer(platform.refuse, b"no")
                    platform.length = int(self.headers["Upload-Length"])
                    pairs = (pair.split(" ") for pair in self.headers["Upload-Metadata"].split(","))
                    platform.metadata = {name: base64.b64decode(value).decode() for name, value in pairs}
                    return self.answer(201, Location="/training/uploads/1")
                if self.command == "HEAD":
                    return self.answer(200, Upload_Offset=str(len(platform.received)), Upload_Length=str(platform.length))
                if int(self.headers["Upload-Offset"]) != len(platform.received):
                    return self.answer(409)
                if platform.breaks:
                    platform.breaks -= 1
                    platform.received += body[: len(body) // 2]
                    self.close_connection = True
                    return self.connection.close()
                platform.received += body
                time.sleep(platform.pause)
                return self.answer(204, Upload_Offset=str(len(platform.received)))

            do_GET = do_POST = do_PATCH = do_HEAD = handle_one

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
