package io.sentinelgateway.warmup;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * One end of a connection that speaks just enough HTTP/1.1 for the other synthetic end. It blocks,
 * and uses nothing that the gateway uses: what the compiler learns of the gateway's code shall come
 * from the gateway alone. Confined to one thread.
 */
final class RawPeer {

  private static final String LENGTH = "\r\ncontent-length: ";

  private final InputStream in;
  private final OutputStream out;

  RawPeer(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  void write(byte[] message) throws IOException {
    out.write(message);
    out.flush();
  }

  /** Reads a message to its end; its head in lower case. */
  String read() throws IOException {
    StringBuilder head = new StringBuilder(512);
    while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
      head.append((char) next());
    }
    String text = head.toString().toLowerCase(java.util.Locale.ROOT);
    int length = text.indexOf(LENGTH);
    if (length >= 0) {
      int from = length + LENGTH.length();
      in.skipNBytes(Long.parseLong(text.substring(from, text.indexOf('\r', from))));
    } else if (text.contains("\r\ntransfer-encoding: chunked")) {
      chunks();
    }
    return text;
  }

  private void chunks() throws IOException {
    int size;
    do {
      StringBuilder line = new StringBuilder(8);
      for (int c = next(); c != '\n'; c = next()) {
        line.append((char) c);
      }
      size = Integer.parseInt(line, 0, line.length() - 1, 16);
      in.skipNBytes(size + 2L);
    } while (size > 0);
  }

  private int next() throws IOException {
    int c = in.read();
    if (c < 0) {
      throw new EOFException();
    }
    return c;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
