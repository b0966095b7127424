package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Checksum;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** An origin server that does on each connection what a test tells it, however wrong. */
final class ScriptedOrigin implements AutoCloseable {

  /** What happens on one connection; it is closed when this returns. */
  @FunctionalInterface
  interface Script {
    void serve(Peer peer) throws Exception;

    /** Does this on the first connection, and answers every request of the others by its target. */
    static Script first(Script script) {
      return peer -> {
        if (peer.number() == 1) {
          script.serve(peer);
        } else {
          peer.echo();
        }
      };
    }
  }

  private static final int PATIENCE_MILLIS = 20_000;
  private static final Pattern LENGTH =
      Pattern.compile("\r\ncontent-length: *([0-9]+)\r\n", Pattern.CASE_INSENSITIVE);
  private static final Pattern CHUNKED =
      Pattern.compile("\r\ntransfer-encoding: *chunked\r\n", Pattern.CASE_INSENSITIVE);

  private final CountDownLatch deaf = new CountDownLatch(1);
  private final ServerSocket server;
  private final Script script;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();

  private ScriptedOrigin(ServerSocket server, Script script) {
    this.script = script;
    this.server = server;
  }

  static ScriptedOrigin start(Script script) throws IOException {
    return start(0, script);
  }

  static ScriptedOrigin start(int port, Script script) throws IOException {
    return start(new ServerSocket(port, 200, InetAddress.getLoopbackAddress()), script);
  }

  /** The same behind a socket of any kind. */
  static ScriptedOrigin start(ServerSocket server, Script script) {
    ScriptedOrigin origin = new ScriptedOrigin(server, script);
    thread("origin", origin::accept);
    return origin;
  }

  /** Gives every request on every connection this answer. */
  static ScriptedOrigin answering(String... answer) throws IOException {
    String text = String.join("\r\n", answer);
    return start(peer -> peer.answerAll(text));
  }

  /** 200 with this content. */
  static ScriptedOrigin ok(String content) throws IOException {
    return answering("HTTP/1.1 200 OK", "Content-Length: " + content.length(), "", content);
  }

  /** An answer with a Content-Length. */
  static String sized(String content) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + content.length() + "\r\n\r\n" + content;
  }

  /** An answer of these chunks. */
  static String chunked(String... chunks) {
    StringBuilder text = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (String chunk : chunks) {
      text.append(Integer.toHexString(chunk.length())).append("\r\n").append(chunk).append("\r\n");
    }
    return text.append("0\r\n\r\n").toString();
  }

  private static void thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket socket = server.accept();
        open.add(socket);
        if (server.isClosed()) {
          // Accepted while close() was looking for open ones.
          socket.close();
        }
        int number = connections.incrementAndGet();
        thread("origin-" + number, () -> serve(socket, number));
      }
    } catch (IOException e) {
      // Closed: the test is over.
      return;
    } finally {
      deaf.countDown();
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      script.serve(new Peer(socket, number));
    } catch (Exception e) {
      // The gateway broke the connection off, or the script did: the test judges what came.
      return;
    } finally {
      open.remove(socket);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  /** host:port */
  String address() {
    return "127.0.0.1:" + port();
  }

  /** Every complete request: head, and content without its coding. */
  List<String> requests() {
    return requests;
  }

  /** The only request. */
  String request() {
    if (requests.size() != 1) {
      throw new AssertionError(requests.size() + " requests: " + requests);
    }
    return requests.get(0);
  }

  /** Connections accepted so far. */
  int connections() {
    return connections.get();
  }

  /** Connections that are open now. */
  int open() {
    return open.size();
  }

  private void awaitDeaf() throws IOException {
    try {
      if (!deaf.await(20, TimeUnit.SECONDS)) {
        throw new IOException("it goes on accepting");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    // Until nobody accepts any more, the system goes on listening.
    awaitDeaf();
    for (Socket socket : open) {
      socket.close();
    }
  }

  /** One connection of the gateway to this origin. */
  final class Peer {

    private final Socket socket;
    private final InputStream in;
    private final int number;

    private Peer(Socket socket, int number) throws IOException {
      this.socket = socket;
      this.number = number;
      this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** From 1: which connection this is. */
    int number() {
      return number;
    }

    /** The address that the gateway connected from. */
    String remote() {
      return socket.getInetAddress().getHostAddress();
    }

    /** What TLS agreed on, for sockets that speak it. */
    SSLSession tls() {
      return ((SSLSocket) socket).getSession();
    }

    void answerAll(String answer) throws IOException {
      while (request().isPresent()) {
        write(answer);
      }
    }

    /** Answers every request by its target. */
    void echo() throws IOException {
      for (var request = request(); request.isPresent(); request = request()) {
        write(sized(target(request.get())));
      }
    }

    /** The target of a request. */
    static String target(String request) {
      return request.split(" ", 3)[1];
    }

    /** Reads a whole request; empty when the gateway closed. */
    Optional<String> request() throws IOException {
      Optional<String> head = head();
      if (head.isEmpty()) {
        return head;
      }
      String request = head.get() + content(head.get());
      requests.add(request);
      return Optional.of(request);
    }

    /** Reads a header section with its empty line. */
    Optional<String> head() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        bytes.write(b);
        if (b == '\n' && bytes.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
          return Optional.of(bytes.toString(ISO_8859_1));
        }
      }
      return Optional.empty();
    }

    /** Reads the content that belongs to this head. */
    String content(String head) throws IOException {
      Matcher length = LENGTH.matcher(head);
      if (length.find()) {
        return text(Integer.parseInt(length.group(1)));
      }
      StringBuilder content = new StringBuilder();
      if (CHUNKED.matcher(head).find()) {
        int size = Integer.parseInt(line(), 16);
        while (size > 0) {
          content.append(text(size));
          line();
          size = Integer.parseInt(line(), 16);
        }
        for (String trailer = line(); !trailer.isEmpty(); trailer = line()) {
          content.append(trailer);
        }
      }
      return content.toString();
    }

    /** Reads the content that belongs to this head and only sums it up. */
    void content(String head, Checksum sum) throws IOException {
      Matcher length = LENGTH.matcher(head);
      if (length.find()) {
        sum(Long.parseLong(length.group(1)), sum);
        return;
      }
      for (int size = Integer.parseInt(line(), 16); size > 0; ) {
        sum(size, sum);
        line();
        size = Integer.parseInt(line(), 16);
      }
      line();
    }

    private void sum(long count, Checksum sum) throws IOException {
      for (long left = count; left > 0; ) {
        byte[] bytes = in.readNBytes((int) Math.min(left, 65536));
        sum.update(bytes);
        left = bytes.length == 0 ? 0 : left - bytes.length;
      }
    }

    String text(int count) throws IOException {
      return new String(in.readNBytes(count), ISO_8859_1);
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        line.append((char) b);
      }
      return line.toString().strip();
    }

    Peer write(String text) throws IOException {
      return write(text.getBytes(ISO_8859_1));
    }

    /** Writes this again and again, slowly, until the gateway breaks the connection off. */
    void drip(String text) throws Exception {
      CountDownLatch never = new CountDownLatch(1);
      while (!never.await(20, TimeUnit.MILLISECONDS)) {
        write(text);
      }
    }

    /** One byte a packet. */
    Peer writeByteByByte(String text) throws IOException {
      for (byte b : text.getBytes(ISO_8859_1)) {
        write(new byte[] {b});
      }
      return this;
    }

    Peer write(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    }

    /** Breaks the connection off with a RST. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Says that nothing more will be sent. */
    void closeOutput() throws IOException {
      socket.shutdownOutput();
    }

    /** Waits until the test goes on. */
    void await(CountDownLatch latch) throws InterruptedException {
      if (!latch.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("nobody counted down");
      }
    }

    /** Reads and drops until the gateway closes or breaks the connection off. */
    void awaitClose() {
      try {
        in.transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        return;
      }
    }
  }
}
