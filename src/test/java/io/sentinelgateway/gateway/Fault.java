package io.sentinelgateway.gateway;

/** How a target may misbehave, and what a client hears of it that has no second attempt. */
enum Fault {
  REFUSES(502, "connect_refused", Effect.NONE),
  HANGS_AT_CONNECT(504, "connect_timeout", Effect.NONE),
  NEVER_ANSWERS(504, "upstream_timeout", Effect.PERHAPS),
  ANSWERS_BYTE_BY_BYTE_FOR_EVER(504, "upstream_timeout", Effect.PERHAPS),
  RESETS_BEFORE_THE_HEAD(502, "upstream_reset", Effect.PERHAPS),
  RESETS_IN_THE_HEAD(502, "upstream_reset", Effect.PERHAPS),
  RESETS_IN_THE_BODY(200, "upstream_reset", Effect.SEEN),
  HANGS_IN_THE_BODY(200, "upstream_idle_timeout", Effect.SEEN),
  SENDS_GARBAGE(502, "upstream_malformed", Effect.SEEN);

  /** What a request to the target may have done there. */
  enum Effect {
    NONE,
    PERHAPS,
    /** The client has seen a part of the answer, or one that no retry is for. */
    SEEN
  }

  final int status;
  final String reason;
  final Effect effect;

  Fault(int status, String reason, Effect effect) {
    this.status = status;
    this.reason = reason;
    this.effect = effect;
  }

  void serve(ScriptedOrigin.Peer peer) throws Exception {
    peer.request();
    switch (this) {
      case NEVER_ANSWERS -> peer.awaitClose();
      case ANSWERS_BYTE_BY_BYTE_FOR_EVER -> {
        peer.write("HTTP/1.1 200 OK\r\nX-Long: ");
        peer.drip("x");
      }
      case RESETS_BEFORE_THE_HEAD -> peer.reset();
      case RESETS_IN_THE_HEAD -> peer.write("HTTP/1.1 200 OK\r\nContent-Le").reset();
      case RESETS_IN_THE_BODY ->
          peer.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").reset();
      case HANGS_IN_THE_BODY -> {
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
        peer.awaitClose();
      }
      case SENDS_GARBAGE -> peer.write("\u0000\u0001SSH-2.0 I am no server of yours\r\n\r\n");
      default -> throw new IllegalStateException(this + " serves nobody");
    }
  }
}
