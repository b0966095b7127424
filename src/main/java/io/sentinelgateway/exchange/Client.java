package io.sentinelgateway.exchange;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Who sent a request. Confined to the event loop of the connection. */
public final class Client {

  private final InetAddress peer;
  private final int peerPort;
  private final InetAddress address;
  private final boolean trusted;
  private final boolean secure;
  private final @Nullable ClientCertificate certificate;
  private @Nullable String peerText;
  private @Nullable String addressText;

  /**
   * @param peer address of the connection's other end; loopback for a Unix socket
   * @param peerPort its port; 0 for a Unix socket
   * @param address the believed client: the peer, or what a trusted proxy says
   * @param trusted true when the peer is a trusted proxy, so that its forwarding fields are
   *     believed
   * @param secure true when the connection to this gateway is TLS
   */
  public Client(
      InetAddress peer, int peerPort, InetAddress address, boolean trusted, boolean secure) {
    this.peer = peer;
    this.peerPort = peerPort;
    this.address = address;
    this.trusted = trusted;
    this.secure = secure;
    this.certificate = null;
  }

  private Client(Client other, ClientCertificate certificate) {
    this.peer = other.peer;
    this.peerPort = other.peerPort;
    this.address = other.address;
    this.trusted = other.trusted;
    this.secure = other.secure;
    this.certificate = certificate;
  }

  /** The same one, who has shown a certificate that was found good. */
  public Client showing(ClientCertificate shown) {
    return new Client(this, shown);
  }

  /** What the peer showed in its handshake, found good; {@code null}: nothing. */
  public @Nullable ClientCertificate certificate() {
    return certificate;
  }

  /** Address of the connection's other end; loopback for a Unix socket. */
  public InetAddress peer() {
    return peer;
  }

  /** The peer's address as text, made once for all requests of its connection. */
  public String peerText() {
    if (peerText == null) {
      peerText = peer.getHostAddress();
    }
    return peerText;
  }

  /** Port of the connection's other end; 0 for a Unix socket. */
  public int peerPort() {
    return peerPort;
  }

  /** The believed client: the peer, or what a trusted proxy says. */
  public InetAddress address() {
    return address;
  }

  /** The believed client's address as text, made once. */
  public String addressText() {
    if (addressText == null) {
      addressText = address.equals(peer) ? peerText() : address.getHostAddress();
    }
    return addressText;
  }

  /** True when the peer is a trusted proxy, so that its forwarding fields are believed. */
  public boolean trusted() {
    return trusted;
  }

  /** True when the connection to this gateway is TLS. */
  public boolean secure() {
    return secure;
  }
}
