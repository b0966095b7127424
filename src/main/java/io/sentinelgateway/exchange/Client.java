package io.sentinelgateway.exchange;

import java.net.InetAddress;

/**
 * Who sent a request.
 *
 * @param peer address of the connection's other end; loopback for a Unix socket
 * @param peerPort its port; 0 for a Unix socket
 * @param address the believed client: the peer, or what a trusted proxy says
 * @param trusted true when the peer is a trusted proxy, so that its forwarding fields are believed
 * @param secure true when the connection to this gateway is TLS
 */
public record Client(
    InetAddress peer, int peerPort, InetAddress address, boolean trusted, boolean secure) {}
