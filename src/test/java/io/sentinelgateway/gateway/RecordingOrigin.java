package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sentinelgateway.gateway.StrictRequests.End;
import io.sentinelgateway.gateway.StrictRequests.Reading;
import io.sentinelgateway.gateway.StrictRequests.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An origin server that keeps every request that it read, answers each with its target, and keeps
 * every byte sequence that was no request.
 */
final class RecordingOrigin implements AutoCloseable {

  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<String> garbage = new CopyOnWriteArrayList<>();

  RecordingOrigin() throws IOException {
    server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "recording-origin");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket socket = server.accept();
        open.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed: the test is over.
      return;
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      ByteArrayOutputStream received = new ByteArrayOutputStream();
      byte[] part = new byte[8192];
      int answered = 0;
      for (int n = socket.getInputStream().read(part); n > 0; ) {
        received.write(part, 0, n);
        Reading reading = StrictRequests.read(received.toByteArray());
        for (Request request : reading.requests().subList(answered, reading.requests().size())) {
          requests.add(request);
          socket.getOutputStream().write(answer(request).getBytes(ISO_8859_1));
        }
        answered = reading.requests().size();
        if (reading.end() == End.ERROR) {
          garbage.add(received.toString(ISO_8859_1));
          return;
        }
        if (reading.end() == End.CLEAN) {
          received.reset();
          answered = 0;
        }
        n = socket.getInputStream().read(part);
      }
    } catch (IOException e) {
      // The gateway broke the connection off: what came before is judged.
      return;
    } finally {
      open.remove(socket);
    }
  }

  private static String answer(Request request) {
    String body = request.method().equals("HEAD") ? "" : request.target();
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Forgets the requests so far, and gives them. */
  List<Request> take() {
    List<Request> taken = List.copyOf(requests);
    requests.clear();
    return taken;
  }

  /** Bytes that were no request. */
  List<String> garbage() {
    return garbage;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
