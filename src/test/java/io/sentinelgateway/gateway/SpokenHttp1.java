package io.sentinelgateway.gateway;

import java.io.EOFException;

/** By HTTP/1.1: content in chunks. */
final class SpokenHttp1 implements Spoken {

  private final ScriptedOrigin.Peer peer;

  SpokenHttp1(ScriptedOrigin.Peer peer) {
    this.peer = peer;
  }

  @Override
  public int number() {
    return peer.number();
  }

  @Override
  public void request() throws Exception {
    if (peer.request().isEmpty()) {
      throw new EOFException();
    }
  }

  private static String section(String... fields) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      lines.append(fields[i]).append(": ").append(fields[i + 1]).append("\r\n");
    }
    return lines.append("\r\n").toString();
  }

  @Override
  public void interim(int status, String name, String value) throws Exception {
    headOnly(status, name, value);
  }

  @Override
  public void head(int status, String... fields) throws Exception {
    peer.write("HTTP/1.1 " + status + " X\r\nTransfer-Encoding: chunked\r\n" + section(fields));
  }

  @Override
  public void piece(String content) throws Exception {
    peer.write(Integer.toHexString(content.length()) + "\r\n" + content + "\r\n");
  }

  @Override
  public void end(String... trailers) throws Exception {
    peer.write("0\r\n" + section(trailers));
  }

  @Override
  public void headOnly(int status, String... fields) throws Exception {
    peer.write("HTTP/1.1 " + status + " X\r\n" + section(fields));
  }

  @Override
  public void reset() throws Exception {
    peer.reset();
  }

  @Override
  public void leave() throws Exception {
    peer.closeOutput();
  }

  @Override
  public void surplus() throws Exception {
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsurplus");
  }

  @Override
  public void awaitCancel() {
    peer.awaitClose();
  }
}
