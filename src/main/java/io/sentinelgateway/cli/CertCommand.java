package io.sentinelgateway.cli;

import io.sentinelgateway.tls.SelfSigned;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sentinel cert} */
@Command(name = "cert", description = "Makes certificates for development.")
final class CertCommand implements Runnable {

  /** A clock that is a little behind must not find the certificate not valid yet. */
  private static final Duration SLACK = Duration.ofHours(1);

  @Spec private CommandSpec spec;

  /** Without a command. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command? (expected: self-signed)");
  }

  @Command(
      name = "self-signed",
      description = "Makes a self-signed certificate with a P-256 key, for development.")
  int selfSigned(
      @Parameters(
              paramLabel = "NAME",
              arity = "1..*",
              description = "Host name, *.NAME or IP address that it is for.")
          List<String> names,
      @Option(
              names = "--cert",
              paramLabel = "FILE",
              defaultValue = "cert.pem",
              description = "Where the certificate goes (default: ${DEFAULT-VALUE}).")
          Path cert,
      @Option(
              names = "--key",
              paramLabel = "FILE",
              defaultValue = "key.pem",
              description = "Where its key goes, for its owner only (default: ${DEFAULT-VALUE}).")
          Path key,
      @Option(
              names = "--days",
              paramLabel = "N",
              defaultValue = "365",
              description = "How long it is valid (default: ${DEFAULT-VALUE}).")
          int days,
      @Option(names = "--force", description = "Replace files that are there.") boolean force)
      throws IOException {
    for (Path file : List.of(cert, key)) {
      if (Files.exists(file) && !force) {
        throw new IOException(file + " exists (expected: another file, or --force)");
      }
    }
    if (days < 1 || days > 36_500) {
      throw new ParameterException(spec.commandLine(), days + " (expected: 1 to 36500 days)");
    }
    SelfSigned made =
        SelfSigned.create(
            names,
            Instant.now().minus(SLACK),
            Duration.ofDays(days).plus(SLACK),
            new SecureRandom());
    write(key, made.key(), "rw-------");
    write(cert, made.certificate(), "rw-r--r--");
    String list = String.join(", ", names);
    spec.commandLine()
        .getOut()
        .println(cert + " and " + key + " are for " + list + ", for " + days + " days.");
    return Sentinel.OK;
  }

  /** Never for a moment readable by more than it should be. */
  private static void write(Path file, String text, String permissions) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes = {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
    Files.deleteIfExists(file);
    Files.createFile(file, posix ? attributes : new FileAttribute<?>[0]);
    Files.writeString(file, text, StandardCharsets.US_ASCII);
  }
}
