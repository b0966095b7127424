#!/usr/bin/env python3
"""An agent: denies requests by path and by content, and tells the origin which ones it saw.

    python3 agent.py /tmp/agent.sock

A frame is 4 bytes of length (big endian), 1 byte of type, and JSON.
"""
import base64
import json
import os
import socketserver
import struct
import sys

HANDSHAKE, HANDSHAKE_ANSWER = 0x01, 0x02
REQUEST_HEADERS, REQUEST_BODY = 0x10, 0x11
ANSWER, CANCEL, PING, PONG = 0x20, 0x40, 0x41, 0x42

ABOUT_ME = {
    "protocol_version": 2,
    "success": True,
    "encoding": "json",
    "capabilities": {
        "agent_id": "tutorial",
        "name": "Tutorial agent",
        "version": "1.0.0",
        "supported_events": [1, 2],
        "features": {
            "streaming_body": True, "websocket": False, "guardrails": False,
            "config_push": False, "metrics_export": False, "concurrent_requests": 100,
            "cancellation": False, "flow_control": False, "health_reporting": False,
        },
        "limits": {
            "max_body_size": 1 << 20, "max_concurrency": 100, "preferred_chunk_size": 64 << 10,
        },
    },
}


def decide(kind, event):
    """The decision about an event, and the changes of the request's fields."""
    if kind == REQUEST_HEADERS:
        if event["uri"].startswith("/private"):
            return {"block": {"status": 403, "body": "Not for you.\n", "headers": None}}, []
        return "allow", [{"set": {"name": "x-seen-by", "value": "tutorial agent"}}]
    if kind == REQUEST_BODY and b"secret" in base64.b64decode(event["data"]):
        return {"block": {"status": 422, "body": "Keep your secrets.\n", "headers": None}}, []
    return "allow", []


class Connection(socketserver.StreamRequestHandler):
    def handle(self):
        while header := self.rfile.read(5):
            length, kind = struct.unpack(">IB", header)
            content = self.rfile.read(length - 1)
            if kind == HANDSHAKE:
                self.send(HANDSHAKE_ANSWER, ABOUT_ME)
            elif kind == PING:
                self.send(PONG, json.loads(content))
            elif kind != CANCEL:
                event = json.loads(content)
                decision, changes = decide(kind, event)
                # The gateway knows by this id what the answer is about.
                custom = {"correlation_id": event["correlation_id"]}
                self.send(ANSWER, {
                    "version": 2,
                    "decision": decision,
                    "request_headers": changes,
                    "audit": {"rule_ids": [] if decision == "allow" else ["tutorial-1"],
                              "custom": custom},
                })

    def send(self, kind, message):
        content = json.dumps(message).encode()
        self.wfile.write(struct.pack(">IB", len(content) + 1, kind) + content)


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


if __name__ == "__main__":
    path = sys.argv[1]
    if os.path.exists(path):
        os.remove(path)
    with Server(path, Connection) as server:
        print(f"agent listens on {path}", flush=True)
        server.serve_forever()
