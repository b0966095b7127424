package io.sentinelgateway.health;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * The two messages of grpc.health.v1, each in the five-byte frame of gRPC over HTTP/2. A question
 * is field 1, a string; an answer is field 1, an enum. So small that no library is needed. Pure.
 */
final class GrpcHealth {

  static final int MAX_ANSWER_BYTES = 1024;

  private static final int FRAME_BYTES = 5;
  private static final int STRING_FIELD_1 = 0x0a;
  private static final int ENUM_FIELD_1 = 0x08;
  private static final String[] STATUSES = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};

  private GrpcHealth() {}

  /**
   * @param service empty for the server as a whole
   */
  static Buffer question(String service) {
    Buffer message = Buffer.buffer();
    if (!service.isEmpty()) {
      byte[] name = service.getBytes(StandardCharsets.UTF_8);
      message.appendByte((byte) STRING_FIELD_1);
      varint(message, name.length);
      message.appendBytes(name);
    }
    return Buffer.buffer().appendByte((byte) 0).appendInt(message.length()).appendBuffer(message);
  }

  /** Seven bits at a time, the lowest first; a set eighth bit says that more follow. */
  private static void varint(Buffer message, int value) {
    int rest = value;
    while (rest > 0x7f) {
      message.appendByte((byte) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    message.appendByte((byte) rest);
  }

  /**
   * Returns when the answer is SERVING.
   *
   * @param grpcStatus value of grpc-status; 0 is OK
   * @throws FailedCheckException when it is anything else
   */
  static Buffer judge(String grpcStatus, Buffer framed) {
    if (!grpcStatus.equals("0")) {
      throw new FailedCheckException("grpc-status " + grpcStatus);
    }
    if (framed.length() < FRAME_BYTES
        || framed.getByte(0) != 0
        || framed.getInt(1) != framed.length() - FRAME_BYTES) {
      throw new FailedCheckException("no plain gRPC message");
    }
    int status = status(framed);
    if (status != 1) {
      throw new FailedCheckException(
          status >= 0 && status < STATUSES.length ? STATUSES[status] : "an unknown status");
    }
    return framed;
  }

  /** An absent field is zero; of a repeated one the last counts. Other fields are not defined. */
  private static int status(Buffer framed) {
    int status = 0;
    for (int i = FRAME_BYTES; i < framed.length(); i += 2) {
      if (framed.getByte(i) != ENUM_FIELD_1 || i + 1 == framed.length()) {
        return -1;
      }
      status = framed.getByte(i + 1);
    }
    return status;
  }
}
