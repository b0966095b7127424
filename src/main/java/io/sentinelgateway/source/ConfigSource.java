package io.sentinelgateway.source;

import io.sentinelgateway.schema.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file, or a directory whose {@code *.yaml}, {@code *.yml} and {@code *.json} files are one
 * configuration. Immutable; reading blocks, so never on an event loop.
 *
 * <p>What is read is one moment's content. A mounted Kubernetes ConfigMap changes all its files at
 * once by moving the link {@code ..data}; an editor replaces them one by one. So after reading, the
 * directory is looked at again, and read again if any name, link target, size, time or file key has
 * changed.
 */
public final class ConfigSource {

  static final int MAX_FILES = 1000;
  private static final int ATTEMPTS = 5;

  private final Path path;

  public ConfigSource(Path path) {
    this.path = path;
  }

  /** The file or directory. */
  public Path path() {
    return path;
  }

  /** Reads all files; a missing or empty source is a problem, never silence. */
  public Sources read() {
    String trouble = "";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        List<FileStamp> before = look();
        Sources sources = read(before);
        if (before.equals(look())) {
          return sources;
        }
        trouble = "changes while it is read";
      } catch (NoSuchFileException e) {
        trouble =
            Files.exists(path)
                ? "changes while it is read: no " + e.getFile()
                : "no such file or directory";
      } catch (IOException e) {
        trouble = "cannot be read: " + e;
      }
    }
    return Sources.refused(path.toString(), trouble);
  }

  /**
   * What the files and some others look like; empty when one of them is away or cannot be looked
   * at. Blocks.
   */
  public Optional<Stamp> stamp(Collection<Path> others) {
    try {
      List<FileStamp> files = new ArrayList<>(look());
      for (Path other : others) {
        files.add(FileStamp.of(other, other.toRealPath()));
      }
      return Optional.of(new Stamp(files));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private List<FileStamp> look() throws IOException {
    // Once for all files: the path may lead through a link that is moved meanwhile.
    Path real = path.toRealPath();
    if (!Files.isDirectory(real)) {
      return List.of(FileStamp.of(path, real));
    }
    List<FileStamp> files = new ArrayList<>();
    try (Stream<Path> list = Files.list(real)) {
      for (Path file : list.filter(ConfigSource::wanted).sorted().limit(MAX_FILES + 1).toList()) {
        Path named = path.resolve(String.valueOf(file.getFileName()));
        files.add(FileStamp.of(named, file.toRealPath()));
      }
    }
    return List.copyOf(files);
  }

  private static boolean wanted(Path file) {
    return named(file) && !Files.isDirectory(file);
  }

  /** Hidden names are left out: editors' swap files, and the folders of a ConfigMap mount. */
  static boolean named(Path file) {
    String name = String.valueOf(file.getFileName());
    return !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }

  private Sources read(List<FileStamp> files) throws IOException {
    if (files.isEmpty()) {
      return Sources.refused(
          path.toString(), "holds no configuration (expected: *.yaml, *.yml or *.json files)");
    }
    if (files.size() > MAX_FILES) {
      return Sources.refused(
          path.toString(), "too many files (expected: at most " + MAX_FILES + ")");
    }
    List<SourceText> texts = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (FileStamp file : files) {
      String name = file.named().toString();
      if (file.size() > SourceText.MAX_CHARACTERS) {
        problems.addAll(Sources.refused(name, SourceText.TOO_LARGE).problems());
        continue;
      }
      try {
        texts.add(new SourceText(name, text(file.real())));
      } catch (CharacterCodingException e) {
        problems.addAll(Sources.refused(name, "not UTF-8 text").problems());
      }
    }
    return new Sources(path.toString(), texts, problems);
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      // A file that has grown meanwhile is read again, or refused, but never read without end.
      byte[] bytes = in.readNBytes(SourceText.MAX_CHARACTERS);
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
  }
}
