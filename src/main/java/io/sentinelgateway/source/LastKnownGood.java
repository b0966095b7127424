package io.sentinelgateway.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keeps the texts of the last configuration that served well, to start from when the present one is
 * refused. Confined to one thread at a time; blocks, so never on an event loop.
 *
 * <p>Each configuration has its own folder, named by its hash; the file {@code current} names the
 * one that counts and is replaced by a single move. A crash leaves the old or the new one, whole.
 * The texts may hold secrets: nobody but the owner can read them.
 */
public final class LastKnownGood {

  private static final String CURRENT = "current";

  private final Path folder;

  public LastKnownGood(Path folder) {
    this.folder = folder;
  }

  /**
   * Keeps the texts in place of those kept before.
   *
   * @param hash of what was read from them: 64 hex digits, the same for the same content
   * @throws IOException when they cannot be written; what was kept before is still there
   */
  public void keep(String hash, Sources sources) throws IOException {
    makeFolder(folder);
    if (current().filter(hash::equals).isPresent()) {
      return;
    }
    Path texts = folder.resolve(hash);
    delete(texts);
    makeFolder(texts);
    for (SourceText source : sources.texts()) {
      write(texts.resolve(fileName(source.name())), source.text());
    }
    Path fresh = folder.resolve(CURRENT + ".new");
    Files.deleteIfExists(fresh);
    write(fresh, hash);
    Files.move(
        fresh,
        folder.resolve(CURRENT),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    deleteOthers(hash);
  }

  /**
   * The texts kept last; nothing when none were.
   *
   * @throws IOException when the folder cannot be read
   */
  public Optional<Sources> read() throws IOException {
    return current().map(hash -> new ConfigSource(folder.resolve(hash)).read());
  }

  private Optional<String> current() throws IOException {
    Path file = folder.resolve(CURRENT);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    // Only a hash: a path that somebody wrote here leads nowhere.
    return Optional.of(Files.readString(file)).filter(text -> text.matches("[0-9a-f]{64}"));
  }

  /** A name that {@link ConfigSource} finds again. */
  private static String fileName(String name) {
    String last = String.valueOf(Path.of(name).getFileName()).replaceFirst("^\\.+", "");
    return last.matches(".+\\.(yaml|yml|json)") ? last : last + ".yaml";
  }

  private static void makeFolder(Path folder) throws IOException {
    Files.createDirectories(folder, permissions(folder, "rwx------"));
    if (posix(folder)) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static void write(Path file, String text) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel out = FileChannel.open(file, options, permissions(file, "rw-------"))) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
  }

  private static FileAttribute<?>[] permissions(Path path, String text) {
    Set<PosixFilePermission> set = PosixFilePermissions.fromString(text);
    return posix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(set)}
        : new FileAttribute<?>[0];
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private void deleteOthers(String hash) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      for (Path other : list.filter(Files::isDirectory).toList()) {
        String name = String.valueOf(other.getFileName());
        if (name.matches("[0-9a-f]{64}") && !name.equals(hash)) {
          delete(other);
        }
      }
    }
  }

  /** A folder of this class's own: files only. */
  private static void delete(Path texts) throws IOException {
    if (Files.isDirectory(texts)) {
      try (Stream<Path> list = Files.list(texts)) {
        for (Path file : list.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(texts);
    }
  }
}
