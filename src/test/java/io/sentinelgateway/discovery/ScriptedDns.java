package io.sentinelgateway.discovery;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server that answers what the test says, over UDP and TCP on one port. */
final class ScriptedDns implements AutoCloseable {

  static final int A = 1;
  static final int CNAME = 5;
  static final int AAAA = 28;
  static final int SRV = 33;
  static final int SERVFAIL = 2;
  static final int NXDOMAIN = 3;

  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger askedByTcp = new AtomicInteger();

  /** One record; the name it belongs to is what was asked, unless another one is given. */
  record Entry(String owner, int type, int ttl, ByteBuffer data) {}

  private record Script(int code, boolean silent, boolean tooLarge, List<Entry> entries) {}

  ScriptedDns() {
    try {
      tcp = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      udp = new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::datagrams);
    start(this::connections);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "scripted-dns");
    thread.setDaemon(true);
    thread.start();
  }

  String address() {
    return "127.0.0.1:" + udp.getLocalPort();
  }

  int asked() {
    return asked.get();
  }

  int askedByTcp() {
    return askedByTcp.get();
  }

  void answer(String name, int type, Entry... entries) {
    scripts.put(name + '/' + type, new Script(0, false, false, List.of(entries)));
  }

  /** Over UDP only that the answer does not fit. */
  void answerByTcp(String name, int type, Entry... entries) {
    scripts.put(name + '/' + type, new Script(0, false, true, List.of(entries)));
  }

  void refuse(String name, int type, int code) {
    scripts.put(name + '/' + type, new Script(code, false, false, List.of()));
  }

  void silent(String name, int type) {
    scripts.put(name + '/' + type, new Script(0, true, false, List.of()));
  }

  static Entry ip(int ttl, String literal) {
    try {
      byte[] data = InetAddress.getByName(literal).getAddress();
      return new Entry("", data.length == 4 ? A : AAAA, ttl, ByteBuffer.wrap(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Entry alias(int ttl, String to) {
    return new Entry("", CNAME, ttl, ByteBuffer.wrap(name(to)));
  }

  Entry owned(String owner, Entry entry) {
    return new Entry(owner, entry.type(), entry.ttl(), entry.data());
  }

  static Entry srv(int ttl, int priority, int weight, int port, String host) {
    byte[] name = name(host);
    ByteBuffer data = ByteBuffer.allocate(6 + name.length);
    data.putShort((short) priority).putShort((short) weight).putShort((short) port).put(name);
    return new Entry("", SRV, ttl, data.flip());
  }

  private static byte[] name(String dotted) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String label : dotted.isEmpty() ? new String[0] : dotted.split("\\.")) {
      byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
      out.write(bytes.length);
      out.writeBytes(bytes);
    }
    out.write(0);
    return out.toByteArray();
  }

  private void datagrams() {
    byte[] buffer = new byte[4096];
    try {
      while (!udp.isClosed()) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        udp.receive(packet);
        byte[] answer = answer(ByteBuffer.wrap(buffer, 0, packet.getLength()), false);
        if (answer.length > 0) {
          udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      }
    } catch (IOException closed) {
      udp.close();
    }
  }

  private void connections() {
    try {
      while (!tcp.isClosed()) {
        try (Socket socket = tcp.accept()) {
          DataInputStream in = new DataInputStream(socket.getInputStream());
          byte[] question = in.readNBytes(in.readUnsignedShort());
          byte[] answer = answer(ByteBuffer.wrap(question), true);
          DataOutputStream out = new DataOutputStream(socket.getOutputStream());
          out.writeShort(answer.length);
          out.write(answer);
          out.flush();
        }
      }
    } catch (IOException closed) {
      udp.close();
    }
  }

  private byte[] answer(ByteBuffer question, boolean byTcp) throws IOException {
    (byTcp ? askedByTcp : asked).incrementAndGet();
    int id = question.getShort() & 0xffff;
    question.position(12);
    List<String> labels = new ArrayList<>();
    for (int length = question.get(); length > 0; length = question.get()) {
      byte[] label = new byte[length];
      question.get(label);
      labels.add(new String(label, StandardCharsets.US_ASCII));
    }
    int type = question.getShort();
    String name = String.join(".", labels);
    Script script = scripts.getOrDefault(name + '/' + type, new Script(0, false, false, List.of()));
    if (script.silent()) {
      return new byte[0];
    }
    boolean cut = script.tooLarge() && !byTcp;
    List<Entry> entries = cut ? List.of() : script.entries();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeShort(id);
    out.writeShort(0x8180 | (cut ? 0x0200 : 0) | script.code());
    out.writeShort(1);
    out.writeShort(entries.size());
    out.writeInt(0);
    out.write(name(name));
    out.writeShort(type);
    out.writeShort(1);
    for (Entry entry : entries) {
      out.write(name(entry.owner().isEmpty() ? name : entry.owner()));
      out.writeShort(entry.type());
      out.writeShort(1);
      out.writeInt(entry.ttl());
      out.writeShort(entry.data().remaining());
      out.write(entry.data().array());
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() throws IOException {
    udp.close();
    tcp.close();
  }
}
