package io.sentinelgateway.health;

import io.sentinelgateway.config.ActiveConfig;
import io.sentinelgateway.config.ProbeSettings;
import io.sentinelgateway.config.ProbeTls;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Inlined;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Connects, and may say something and expect an answer. */
final class TcpProbe implements Probe {

  private static final int MAX_ANSWER_BYTES = 16 << 10;

  private final NetClient client;
  private final ConnectOptions connect;
  private final Settings settings;

  /** {@code active: {type: tcp}} */
  @Doc("Connects; more if `send` or `expect` is there.")
  record Settings(
      @Doc("What to send when the connection is there.") Optional<String> send,
      @Doc("A text that must be in what comes back, within the first 16 KiB.")
          Optional<String> expect,
      @Doc("Connect over TLS, with these settings; absent: as requests do.") Optional<ProbeTls> tls,
      @Inlined ActiveConfig checks)
      implements ProbeSettings {}

  TcpProbe(Settings settings, Subject subject) {
    this.settings = settings;
    @Nullable ProbeTls tls = settings.tls().orElse(null);
    NetClientOptions options = subject.connecting(new NetClientOptions(), tls);
    connect = new ConnectOptions().setRemoteAddress(subject.socket());
    if (subject.secure(tls)) {
      options.setHostnameVerificationAlgorithm(subject.verifies(tls) ? "HTTPS" : "");
      connect.setSsl(true).setSniServerName(subject.serverName(tls));
    }
    client = subject.vertx().createNetClient(options);
  }

  @Override
  public Future<?> check() {
    return client.connect(connect).compose(this::talk);
  }

  private Future<?> talk(NetSocket socket) {
    Future<?> said =
        settings.send().isPresent()
            ? socket.write(settings.send().get())
            : Future.succeededFuture();
    Future<?> heard = settings.expect().isPresent() ? heard(socket) : said;
    return Future.all(said, heard).onComplete(done -> socket.close());
  }

  private Future<Void> heard(NetSocket socket) {
    byte[] wanted = settings.expect().orElse("").getBytes(StandardCharsets.UTF_8);
    Promise<Void> heard = Promise.promise();
    Buffer answer = Buffer.buffer();
    socket.handler(
        chunk -> {
          answer.appendBuffer(chunk);
          if (contains(answer, wanted)) {
            heard.tryComplete();
          } else if (answer.length() > MAX_ANSWER_BYTES) {
            heard.tryFail(new FailedCheckException("the answer is not the expected one"));
          }
        });
    socket.exceptionHandler(heard::tryFail);
    socket.closeHandler(
        closed -> heard.tryFail(new FailedCheckException("closed before the expected answer")));
    return heard.future();
  }

  private static boolean contains(Buffer answer, byte[] wanted) {
    String one = answer.toString(StandardCharsets.ISO_8859_1);
    return one.contains(new String(wanted, StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() {
    client.close();
  }
}
