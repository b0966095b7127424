package io.sentinelgateway.suite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An origin server in a process of its own, so that it can be killed. On SIGTERM it goes as a
 * polite server does: it accepts no more, ends each connection with an answer that says so, and
 * leaves a resting connection time to be asked once more.
 */
final class OriginProgram {

  private static final Pattern LENGTH =
      Pattern.compile("\r\ncontent-length: *([0-9]+)", Pattern.CASE_INSENSITIVE);
  private static final int LOOK_MILLIS = 100;
  private static final int LOOKS_BEFORE_GOING = 15;

  private final ServerSocket server;
  private final AtomicInteger open = new AtomicInteger();
  private final CountDownLatch gone = new CountDownLatch(1);
  private volatile boolean going;

  private OriginProgram(int port) throws IOException {
    server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 512);
  }

  /** Starts it and waits until it accepts connections. */
  static Program start(int port) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return Program.start(
        "origin-" + port,
        port,
        List.of(
            java,
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            OriginProgram.class.getName(),
            Integer.toString(port)));
  }

  /** The port is the argument. */
  public static void main(String[] args) throws Exception {
    OriginProgram origin = new OriginProgram(Integer.parseInt(args[0]));
    Runtime.getRuntime().addShutdownHook(new Thread(origin::go));
    origin.accept();
    origin.gone.await();
  }

  private void accept() {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      while (!going) {
        Socket socket = server.accept();
        open.incrementAndGet();
        threads.execute(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed by go().
      return;
    }
  }

  private void go() {
    going = true;
    try {
      server.close();
      for (int i = 0; i < 100 && open.get() > 0; i++) {
        gone.await(50, TimeUnit.MILLISECONDS);
      }
    } catch (IOException | InterruptedException e) {
      return;
    }
    gone.countDown();
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(LOOK_MILLIS);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      int looks = 0;
      while (looks < LOOKS_BEFORE_GOING) {
        in.mark(1);
        int first;
        try {
          first = in.read();
        } catch (SocketTimeoutException quiet) {
          looks += going ? 1 : 0;
          continue;
        }
        if (first < 0) {
          return;
        }
        in.reset();
        request(in);
        boolean last = going;
        socket.getOutputStream().write(answer(last));
        if (last) {
          return;
        }
      }
    } catch (IOException e) {
      // The gateway broke off.
      return;
    } finally {
      open.decrementAndGet();
    }
  }

  private static byte[] answer(boolean last) {
    String connection = last ? "Connection: close\r\n" : "";
    return ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + connection + "\r\nok")
        .getBytes(ISO_8859_1);
  }

  private static void request(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int end = 0;
    while (end != 4) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("cut");
      }
      head.write(b);
      end = b == (end % 2 == 0 ? '\r' : '\n') ? end + 1 : b == '\r' ? 1 : 0;
    }
    Matcher length = LENGTH.matcher(head.toString(ISO_8859_1));
    if (length.find()) {
      in.readNBytes(Integer.parseInt(length.group(1)));
    }
  }
}
