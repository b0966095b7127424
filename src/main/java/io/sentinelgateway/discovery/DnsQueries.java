package io.sentinelgateway.discovery;

import io.netty.channel.AddressedEnvelope;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.sentinelgateway.schema.Address;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks name servers one question at a time, one server after the other, and without any cache.
 * Confined to one context.
 *
 * <p>Each question leaves from a port of its own, so that an answer cannot be forged without
 * knowing it (RFC 5452). An answer that does not fit in a datagram is asked for again over TCP.
 */
final class DnsQueries implements AutoCloseable {

  private static final int MOST_ALIASES = 8;
  private static final int MOST_SERVERS = 8;

  private final Context context;
  private final DnsNameResolver resolver;
  private final List<InetSocketAddress> servers;

  /**
   * @param servers IP addresses; none: those of the system
   * @param timeout for each question to each server
   */
  DnsQueries(DnsThread thread, Context context, List<Address> servers, Duration timeout) {
    this.context = context;
    this.servers = servers.stream().map(s -> new InetSocketAddress(s.host(), s.port())).toList();
    this.resolver =
        new DnsNameResolverBuilder(thread.loop())
            .datagramChannelType(NioDatagramChannel.class)
            .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
            .socketChannelType(NioSocketChannel.class)
            .queryTimeoutMillis(timeout.toMillis())
            .build();
  }

  /**
   * Fails when no server answers in time, or all that do refuse. A name that does not exist, or has
   * no such records, is an answer without data.
   */
  Future<DnsAnswer> ask(String name, DnsRecordType type) {
    return servers().compose(all -> ask(all, name, type, MOST_ALIASES));
  }

  /** The system's may change at any time; they stand in a file, so that looking them up blocks. */
  private Future<List<InetSocketAddress>> servers() {
    if (!servers.isEmpty()) {
      return Future.succeededFuture(servers);
    }
    return context.executeBlocking(
        () -> {
          DnsServerAddressStream stream =
              DnsServerAddressStreamProviders.platformDefault().nameServerAddressStream("");
          List<InetSocketAddress> found = new ArrayList<>();
          for (int i = 0; i < Math.min(stream.size(), MOST_SERVERS); i++) {
            found.add(stream.next());
          }
          return found;
        });
  }

  private Future<DnsAnswer> ask(
      List<InetSocketAddress> all, String name, DnsRecordType type, int aliases) {
    return ask(all, 0, name, type)
        .compose(
            answer ->
                answer.alias().isEmpty() || aliases == 0
                    ? Future.succeededFuture(answer)
                    : ask(all, answer.alias(), type, aliases - 1)
                        .map(next -> next.within(answer.ttlSeconds())));
  }

  private Future<DnsAnswer> ask(
      List<InetSocketAddress> all, int index, String name, DnsRecordType type) {
    Future<DnsAnswer> asked = ask(all.get(index), name, type);
    return index + 1 == all.size()
        ? asked
        : asked.recover(failure -> ask(all, index + 1, name, type));
  }

  private Future<DnsAnswer> ask(InetSocketAddress server, String name, DnsRecordType type) {
    Promise<DnsAnswer> promise = Promise.promise();
    resolver
        .query(server, new DefaultDnsQuestion(name, type))
        .addListener(
            (io.netty.util.concurrent.Future<AddressedEnvelope<DnsResponse, InetSocketAddress>>
                    done) -> {
              if (done.isSuccess()) {
                DnsResponse response = done.getNow().content();
                try {
                  read(response, name, type, server, promise);
                } finally {
                  response.release();
                }
              } else {
                promise.fail(new DnsException(type, name, server, trouble(done.cause())));
              }
            });
    // Told on the thread of the resolver, wanted on this context.
    Promise<DnsAnswer> here = Promise.promise();
    promise.future().onComplete(done -> context.runOnContext(v -> here.handle(done)));
    return here.future();
  }

  private static void read(
      DnsResponse response,
      String name,
      DnsRecordType type,
      InetSocketAddress server,
      Promise<DnsAnswer> promise) {
    DnsResponseCode code = response.code();
    if (code.equals(DnsResponseCode.NOERROR) || code.equals(DnsResponseCode.NXDOMAIN)) {
      try {
        promise.complete(DnsAnswer.of(response, name, type));
      } catch (RuntimeException e) {
        promise.fail(new DnsException(type, name, server, "unreadable: " + e.getMessage()));
      }
    } else {
      promise.fail(new DnsException(type, name, server, String.valueOf(code)));
    }
  }

  private static String trouble(Throwable cause) {
    return cause instanceof io.netty.resolver.dns.DnsNameResolverTimeoutException
        ? "no answer in time"
        : String.valueOf(cause.getMessage());
  }

  @Override
  public void close() {
    resolver.close();
  }

  /** A server did not answer, or refused. */
  private static final class DnsException extends Exception {
    private static final long serialVersionUID = 1L;

    DnsException(DnsRecordType type, String name, InetSocketAddress server, String what) {
      super(
          type.name()
              + ' '
              + name
              + " at "
              + server.getHostString()
              + ':'
              + server.getPort()
              + ": "
              + what,
          null,
          false,
          false);
    }
  }
}
