package io.sentinelgateway.exchange;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.http.RequestHead;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A real server whose every request becomes an exchange for one handler, and a client that writes
 * what it is told: filters and handlers are tested without listener, routes and origins.
 */
public final class ExchangeServer implements AutoCloseable {

  private final Handler handler;
  private final HttpServer server;
  private final TestLoop loop;
  private volatile boolean trusted;
  private volatile String scheme = "http";
  private volatile InetAddress peer = InetAddress.getLoopbackAddress();
  private volatile Map<String, String> pathParameters = Map.of();

  public ExchangeServer(Vertx vertx, Handler handler) {
    this.handler = handler;
    this.loop = new TestLoop(vertx);
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(this::handle)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  public ExchangeServer trusted() {
    trusted = true;
    return this;
  }

  public ExchangeServer scheme(String believed) {
    scheme = believed;
    return this;
  }

  public ExchangeServer peer(String literal) throws IOException {
    peer = InetAddress.getByName(literal);
    return this;
  }

  public ExchangeServer pathParameters(Map<String, String> named) {
    pathParameters = named;
    return this;
  }

  public TestLoop loop() {
    return loop;
  }

  public Reply get(String target, String... fields) throws IOException {
    return send("GET", target, "", fields);
  }

  /** Sends one request on a connection of its own; fields come as lines. */
  public Reply send(String method, String target, String content, String... fields)
      throws IOException {
    StringBuilder head =
        new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    if (List.of(fields).stream().noneMatch(f -> f.regionMatches(true, 0, "host:", 0, 5))) {
      head.append("Host: gateway.test:8080\r\n");
    }
    head.append("Connection: close\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    if (!content.isEmpty()) {
      head.append("Content-Length: ").append(content.length()).append("\r\n");
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write((head + "\r\n" + content).getBytes(StandardCharsets.ISO_8859_1));
      return read(socket.getInputStream());
    }
  }

  private static Reply read(InputStream in) throws IOException {
    String all = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    int end = all.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new IOException("no answer: " + all);
    }
    Reply raw = new Reply(List.of(all.substring(0, end).split("\r\n")), all.substring(end + 4));
    boolean chunked = raw.field("transfer-encoding").equals("chunked");
    return chunked ? new Reply(raw.head(), unchunked(raw.body())) : raw;
  }

  private static String unchunked(String body) throws IOException {
    StringBuilder content = new StringBuilder();
    InputStream in = new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1));
    for (; ; ) {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IOException("the content is cut short");
        }
        line.append((char) c);
      }
      int size = Integer.parseInt(line.toString().strip(), 16);
      if (size == 0) {
        return content.toString();
      }
      content.append(new String(in.readNBytes(size), StandardCharsets.ISO_8859_1));
      in.skipNBytes(2);
    }
  }

  private void handle(HttpServerRequest request) {
    String authority = request.getHeader("host");
    boolean port = authority.matches(".*:[0-9]+");
    int colon = port ? authority.lastIndexOf(':') : authority.length();
    RequestHead head =
        new RequestHead(
            request.method().name(),
            scheme,
            authority.substring(0, colon).replaceAll("[\\[\\]]", ""),
            port ? Integer.parseInt(authority.substring(colon + 1)) : -1,
            request.path(),
            request.query(),
            request.headers(),
            peer);
    boolean secure = scheme.equals("https");
    Client client = new Client(peer, 4711, peer, trusted, secure);
    Exchange exchange = new Exchange(request, head, client, new RequestContent(request), loop);
    exchange.record().requestId = "id-1";
    exchange.record().route = "shop";
    exchange.pathParameters(pathParameters);
    handler
        .handle(exchange)
        .onComplete(
            response -> write(exchange, response),
            failure -> {
              ProxyError error = ProxyError.from(failure);
              exchange.response().status(error.status());
              exchange.response().body(new Body.Bytes(Buffer.buffer(error.code())));
              write(exchange, exchange.response());
            });
  }

  private void write(Exchange exchange, ProxyResponse response) {
    exchange.runHooks();
    HttpServerResponse out = exchange.request().response().setStatusCode(response.status());
    boolean head = exchange.head().method().equals("HEAD");
    exchange.request().resume();
    if (response.body() instanceof Body.Bytes bytes) {
      out.end(bytes.bytes());
    } else if (response.body() instanceof Body.FilePart file && head) {
      out.putHeader("content-length", Long.toString(file.length())).end();
    } else if (response.body() instanceof Body.FilePart file) {
      out.sendFile(file.path(), file.offset(), file.length());
    } else if (response.body() instanceof Body.Source source) {
      if (source.length() < 0) {
        out.setChunked(true);
      } else {
        out.putHeader("content-length", Long.toString(source.length()));
      }
      source.stream().pipeTo(out);
    } else {
      out.end();
    }
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
  }
}
