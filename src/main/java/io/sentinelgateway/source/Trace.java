package io.sentinelgateway.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a change can concern a configuration: the files themselves, every link on the way to them,
 * the first thing that is missing there, and in a directory all files that would be read.
 * Immutable.
 *
 * <p>Links are followed one by one, since moving any of them changes what is read: Kubernetes
 * changes a mounted ConfigMap by moving the link {@code ..data}, on which the links of all its
 * files lead. Plain directories on the way are left out; when one of them is moved, a scan of the
 * source finds out.
 */
public final class Trace {

  /** As many as Linux follows. */
  private static final int MAX_LINKS = 40;

  private final Set<Path> entries;
  private final Set<Path> folders;

  private Trace(Set<Path> entries, Set<Path> folders) {
    this.entries = Set.copyOf(entries);
    this.folders = Set.copyOf(folders);
  }

  /**
   * Looks where a source and further files lead by now. Blocks.
   *
   * @throws IOException when a directory cannot be listed, or a link not be read
   */
  public static Trace of(ConfigSource source, Collection<Path> others) throws IOException {
    Set<Path> entries = new HashSet<>();
    Set<Path> folders = new HashSet<>();
    Path end = follow(source.path().toAbsolutePath(), entries);
    if (Files.isDirectory(end)) {
      folders.add(end);
      for (Path link : links(end)) {
        follow(link, entries);
      }
    }
    for (Path other : others) {
      follow(other.toAbsolutePath(), entries);
    }
    return new Trace(entries, folders);
  }

  private static List<Path> links(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.filter(file -> ConfigSource.named(file) && Files.isSymbolicLink(file))
          .limit(ConfigSource.MAX_FILES)
          .toList();
    } catch (UncheckedIOException e) {
      throw new IOException(e);
    }
  }

  /** Adds what decides where the path leads; gives its end. */
  private static Path follow(Path path, Set<Path> entries) throws IOException {
    Path root = path.getRoot();
    Deque<Path> rest = new ArrayDeque<>();
    path.forEach(rest::addLast);
    Path at = root;
    int links = 0;
    while (!rest.isEmpty()) {
      // No link is left in what has been walked, so that going up is only a matter of names.
      Path next = at.resolve(rest.removeFirst()).normalize();
      if (Files.isSymbolicLink(next)) {
        entries.add(next);
        links++;
        Path target = Files.readSymbolicLink(next);
        at = target.isAbsolute() ? root : at;
        for (int i = target.getNameCount() - 1; i >= 0; i--) {
          rest.addFirst(target.getName(i));
        }
      } else {
        at = next;
      }
      if (links > MAX_LINKS || !Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
        break;
      }
    }
    entries.add(at);
    return at;
  }

  /** The directories in which the changes happen. */
  public Set<Path> directories() {
    return Stream.concat(entries.stream().map(Path::getParent), folders.stream())
        .filter(folder -> folder != null && Files.isDirectory(folder))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether a change of an entry of one of the directories can be a change of what is read. */
  public boolean concerns(Path directory, Path name) {
    return entries.contains(directory.resolve(name))
        || (folders.contains(directory) && ConfigSource.named(name));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Trace trace
        && trace.entries.equals(entries)
        && trace.folders.equals(folders);
  }

  @Override
  public int hashCode() {
    return 31 * entries.hashCode() + folders.hashCode();
  }
}
