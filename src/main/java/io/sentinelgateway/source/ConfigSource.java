package io.sentinelgateway.source;

import io.sentinelgateway.config.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file, or a directory whose {@code *.yaml}, {@code *.yml} and {@code *.json} files are one
 * configuration. Immutable; reading blocks, so never on an event loop.
 *
 * <p>What is read is one moment's content. A mounted Kubernetes ConfigMap changes all its files at
 * once by moving the link {@code ..data}; an editor replaces them one by one. So after reading, the
 * directory is looked at again, and read again if any name, link target, size or time has changed.
 */
public final class ConfigSource {

  private static final int MAX_FILES = 1000;
  private static final int ATTEMPTS = 5;

  private final Path path;

  public ConfigSource(Path path) {
    this.path = path;
  }

  /** The file or directory. */
  public Path path() {
    return path;
  }

  /** A file as it is found: if any of it is different later, its content may be. */
  private record Found(Path named, Path real, long size, FileTime changed) {}

  /** Reads all files; a missing or empty source is a problem, never silence. */
  public Sources read() {
    String trouble = "";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        List<Found> before = look();
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

  private List<Found> look() throws IOException {
    // Once for all files: the path may lead through a link that is moved meanwhile.
    Path real = path.toRealPath();
    if (!Files.isDirectory(real)) {
      return List.of(found(path, real));
    }
    List<Found> files = new ArrayList<>();
    try (Stream<Path> list = Files.list(real)) {
      for (Path file : list.filter(ConfigSource::wanted).sorted().limit(MAX_FILES + 1).toList()) {
        files.add(found(path.resolve(String.valueOf(file.getFileName())), file.toRealPath()));
      }
    }
    return List.copyOf(files);
  }

  private static Found found(Path named, Path real) throws IOException {
    return new Found(named, real, Files.size(real), Files.getLastModifiedTime(real));
  }

  /** Hidden names are left out: editors' swap files, and the folders of a ConfigMap mount. */
  private static boolean wanted(Path file) {
    String name = String.valueOf(file.getFileName());
    return !name.startsWith(".")
        && name.matches(".*\\.(yaml|yml|json)")
        && !Files.isDirectory(file);
  }

  private Sources read(List<Found> files) throws IOException {
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
    for (Found file : files) {
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
