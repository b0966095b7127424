package io.sentinelgateway.origin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.sentinelgateway.config.ConnectionsConfig.ProxyProtocol;
import io.sentinelgateway.target.ClientAddresses;
import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.CharBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The header of the PROXY protocol, versions 1 and 2, as HAProxy's specification has it (sections
 * 2.1 and 2.2).
 */
final class ProxyHeader {

  private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
  private static final int VERSION_2_LOCAL = 0x20;
  private static final int VERSION_2_PROXY = 0x21;
  private static final int UNSPECIFIED = 0x00;
  private static final int TCP_OVER_IPV4 = 0x11;
  private static final int TCP_OVER_IPV6 = 0x21;
  private static final int IPV4_LENGTH = 12;
  private static final int IPV6_LENGTH = 36;

  private ProxyHeader() {}

  /**
   * The bytes, each one a character, so that they can be compared.
   *
   * @param version one of the two
   * @param client {@code null} for a connection of the gateway's own
   */
  static String of(ProxyProtocol version, @Nullable ClientAddresses client) {
    boolean tellable =
        client != null
            && client.client().getAddress() != null
            && client.gateway().getAddress() != null
            && ipv4(client.client().getAddress()) == ipv4(client.gateway().getAddress());
    if (client == null || !tellable) {
      return version == ProxyProtocol.V1 ? "PROXY UNKNOWN\r\n" : unknown();
    }
    return version == ProxyProtocol.V1 ? line(client) : binary(client);
  }

  /** Sends what {@link #of} made, before anything else is. */
  static void send(String header, Channel channel) {
    ByteBuf bytes = ByteBufUtil.encodeString(channel.alloc(), CharBuffer.wrap(header), ISO_8859_1);
    channel.writeAndFlush(bytes, channel.voidPromise());
  }

  private static boolean ipv4(InetAddress address) {
    return address instanceof Inet4Address;
  }

  private static String line(ClientAddresses both) {
    return "PROXY "
        + (ipv4(both.client().getAddress()) ? "TCP4 " : "TCP6 ")
        + text(both.client().getAddress())
        + ' '
        + text(both.gateway().getAddress())
        + ' '
        + both.client().getPort()
        + ' '
        + both.gateway().getPort()
        + "\r\n";
  }

  /** Without the zone of a link-local address, which means nothing elsewhere. */
  private static String text(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }

  private static String unknown() {
    ByteArrayOutputStream out = begun(VERSION_2_LOCAL, UNSPECIFIED);
    number(0, out);
    return out.toString(ISO_8859_1);
  }

  private static String binary(ClientAddresses both) {
    boolean ipv4 = ipv4(both.client().getAddress());
    ByteArrayOutputStream out = begun(VERSION_2_PROXY, ipv4 ? TCP_OVER_IPV4 : TCP_OVER_IPV6);
    number(ipv4 ? IPV4_LENGTH : IPV6_LENGTH, out);
    out.writeBytes(both.client().getAddress().getAddress());
    out.writeBytes(both.gateway().getAddress().getAddress());
    number(both.client().getPort(), out);
    number(both.gateway().getPort(), out);
    return out.toString(ISO_8859_1);
  }

  private static ByteArrayOutputStream begun(int command, int family) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(SIGNATURE.getBytes(ISO_8859_1));
    out.write(command);
    out.write(family);
    return out;
  }

  /** Two bytes, the higher one first. */
  private static void number(int value, ByteArrayOutputStream out) {
    out.write(value >>> 8);
    out.write(value);
  }
}
