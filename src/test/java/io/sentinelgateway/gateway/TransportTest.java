package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What transports do each in their own way: sending files, and sockets of the Unix domain. */
class TransportTest {

  @TempDir private Path folder;

  @Test
  void sendsALargeFileAndItsParts() throws Exception {
    byte[] content = new byte[5 << 20];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) ('a' + (i / 7) % 26);
    }
    Path files = Files.createDirectory(folder.resolve("files"));
    Files.write(files.resolve("large.txt"), content);
    String text = new String(content, StandardCharsets.US_ASCII);
    String yaml = "routes: {files: {static: {root: %s}}}\n".formatted(files);
    try (GatewayFixture gateway = GatewayFixture.start(folder, yaml);
        RawClient client = gateway.client()) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.get("/large.txt").body()).isEqualTo(text);
        Answer part = client.get("/large.txt", "Range: bytes=1000000-3000000");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(text.substring(1000000, 3000001));
        assertThat(client.get("/large.txt", "Range: bytes=-3").body())
            .isEqualTo(text.substring(content.length - 3));
      }
    }
  }

  @Test
  void listensOnAUnixSocketAndForwardsToOne() throws Exception {
    Path client = folder.resolve("client.sock");
    Path origin = folder.resolve("origin.sock");
    String yaml =
        """
        listeners: {web: {address: "unix:%s"}}
        upstreams: {origin: {targets: [{address: "unix:%s"}]}}
        routes: {all: {forward: {upstream: origin}}}
        """
            .formatted(client, origin);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(origin));
      Thread answering = new Thread(() -> answerOnce(server));
      answering.start();
      try (GatewayFixture gateway = GatewayFixture.start(folder, yaml);
          SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(client))) {
        String request = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        socket.write(StandardCharsets.US_ASCII.encode(request));
        assertThat(readAll(socket)).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nunix");
        gateway.comesToRest();
      }
      answering.join();
    }
  }

  private static void answerOnce(ServerSocketChannel server) {
    try (SocketChannel peer = server.accept()) {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append(read(peer));
      }
      String answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nunix";
      peer.write(StandardCharsets.US_ASCII.encode(answer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String readAll(SocketChannel socket) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String text = read(socket); !text.isEmpty(); text = read(socket)) {
      all.append(text);
    }
    return all.toString();
  }

  /** Empty at the end. */
  private static String read(SocketChannel socket) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4096);
    socket.read(bytes);
    return StandardCharsets.US_ASCII.decode(bytes.flip()).toString();
  }
}
