package io.sentinelgateway.observe;

import io.sentinelgateway.config.LogConfig.AccessLogConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where lines go: opened at the start, and again when the file was moved away. */
@FunctionalInterface
interface AccessSink {

  /** Opens the destination for appending. Blocks. */
  OutputStream open() throws IOException;

  /** The destination that the configuration names; not for {@code none}. */
  static AccessSink of(AccessLogConfig config) {
    if (config.to().equals("stdout")) {
      // Not System.out: its lock is shared with whoever else prints. Never closed.
      return () -> new Unclosed(new FileOutputStream(FileDescriptor.out));
    }
    Path file = Path.of(config.to());
    return () ->
        Files.newOutputStream(
            file, StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.WRITE);
  }

  /** A stream that belongs to the process. */
  final class Unclosed extends OutputStream {

    private final OutputStream stream;

    Unclosed(OutputStream stream) {
      this.stream = stream;
    }

    @Override
    public void write(int b) throws IOException {
      stream.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      stream.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      stream.flush();
    }
  }
}
