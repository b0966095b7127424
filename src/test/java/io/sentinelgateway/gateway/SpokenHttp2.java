package io.sentinelgateway.gateway;

import io.sentinelgateway.gateway.FrameOrigin.Frame;

/** By HTTP/2: one stream after another, within the window that the gateway gives. */
final class SpokenHttp2 implements Spoken {

  private static final int INITIAL_WINDOW = 4;
  private static final int LARGEST_FRAME = 16_384;
  private static final int INTERNAL_ERROR = 2;

  private final FrameOrigin.Peer peer;
  private int initialWindow = 65_535;
  private int stream;
  private int window;

  SpokenHttp2(FrameOrigin.Peer peer) {
    this.peer = peer;
  }

  @Override
  public int number() {
    return peer.number();
  }

  @Override
  public void request() throws Exception {
    Frame frame = next();
    while (frame.type() != FrameOrigin.HEADERS) {
      frame = next();
    }
    stream = frame.stream();
    window = initialWindow;
    while (!frame.ends()) {
      frame = next();
    }
  }

  private Frame next() throws Exception {
    Frame frame = peer.frame();
    if (frame.type() == FrameOrigin.SETTINGS && frame.flags() != FrameOrigin.ACK) {
      peer.send(FrameOrigin.SETTINGS, FrameOrigin.ACK, 0);
      for (int at = 0; at < frame.payload().readableBytes(); at += 6) {
        if (frame.payload().getShort(at) == INITIAL_WINDOW) {
          initialWindow = frame.payload().getInt(at + 2);
        }
      }
    } else if (frame.type() == FrameOrigin.WINDOW_UPDATE && frame.stream() == stream) {
      window += frame.payload().getInt(0);
    }
    return frame;
  }

  @Override
  public void interim(int status, String name, String value) throws Exception {
    peer.headers(stream, false, ":status", "" + status, name, value);
  }

  @Override
  public void head(int status, String... fields) throws Exception {
    head(false, status, fields);
  }

  private void head(boolean last, int status, String... fields) throws Exception {
    String[] all = new String[fields.length + 2];
    all[0] = ":status";
    all[1] = "" + status;
    System.arraycopy(fields, 0, all, 2, fields.length);
    peer.headers(stream, last, all);
  }

  @Override
  public void piece(String content) throws Exception {
    for (int at = 0; at < content.length(); at += LARGEST_FRAME) {
      String part = content.substring(at, Math.min(content.length(), at + LARGEST_FRAME));
      while (window < part.length()) {
        next();
      }
      window -= part.length();
      peer.data(stream, false, part);
    }
  }

  @Override
  public void end(String... trailers) throws Exception {
    if (trailers.length == 0) {
      peer.data(stream, true, "");
    } else {
      peer.headers(stream, true, trailers);
    }
  }

  @Override
  public void headOnly(int status, String... fields) throws Exception {
    head(true, status, fields);
  }

  @Override
  public void reset() throws Exception {
    peer.reset(stream, INTERNAL_ERROR);
  }

  @Override
  public void leave() throws Exception {
    peer.goAway(stream);
  }

  @Override
  public void surplus() throws Exception {
    peer.data(stream, true, "surplus");
  }

  @Override
  public void awaitCancel() throws Exception {
    Frame frame = next();
    while (frame.type() != FrameOrigin.RST_STREAM || frame.stream() != stream) {
      frame = next();
    }
  }
}
