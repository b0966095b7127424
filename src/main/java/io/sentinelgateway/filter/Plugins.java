package io.sentinelgateway.filter;

import io.vertx.httpproxy.ProxyInterceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Interceptor classes: of the class path, and of the jars in one folder. Each jar has a class
 * loader of its own, whose parent is the gateway's, so that two jars may hold different versions of
 * a library. A jar that was replaced gets a new loader; the old one lives as long as an instance of
 * it is in use. Blocking and confined to the thread that compiles snapshots; never on the request
 * path.
 */
public final class Plugins implements AutoCloseable {

  /** What tells one content of a jar from the next. */
  private record Jar(Path path, FileTime modified, long size) {}

  private final Path folder;
  private final Map<Path, Jar> current = new HashMap<>();
  private final Map<Jar, URLClassLoader> loaders = new HashMap<>();

  /**
   * @param folder need not exist; then only the class path is searched
   */
  public Plugins(Path folder) {
    this.folder = folder;
  }

  /**
   * Creates an interceptor by its public constructor without parameters.
   *
   * @param jar name of the only jar to search; {@code null}: the class path, then every jar by name
   * @throws IllegalArgumentException when it is not there, is no {@link ProxyInterceptor}, or its
   *     constructor fails
   */
  public ProxyInterceptor interceptor(String className, @Nullable String jar) {
    Class<?> type = jar == null ? fromAnywhere(className) : fromJar(className, jar);
    if (!ProxyInterceptor.class.isAssignableFrom(type)) {
      throw new IllegalArgumentException(
          className
              + " (expected: a class that implements "
              + ProxyInterceptor.class.getName()
              + ")");
    }
    try {
      return type.asSubclass(ProxyInterceptor.class).getConstructor().newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IllegalArgumentException(
          className
              + " (expected: a public constructor without parameters that works; "
              + reason
              + ")",
          e);
    }
  }

  private Class<?> fromJar(String className, String name) {
    Path path = folder.resolve(name);
    if (!name.endsWith(".jar") || !folder.equals(path.getParent()) || !Files.isRegularFile(path)) {
      throw new IllegalArgumentException(name + " (expected: the name of a jar in " + folder + ")");
    }
    return load(className, loader(path))
        .orElseThrow(() -> new IllegalArgumentException(className + ": no such class in " + name));
  }

  private Class<?> fromAnywhere(String className) {
    Optional<Class<?>> found = load(className, Plugins.class.getClassLoader());
    for (Path path : found.isPresent() ? List.<Path>of() : jars()) {
      found = load(className, loader(path));
      if (found.isPresent()) {
        break;
      }
    }
    return found.orElseThrow(
        () ->
            new IllegalArgumentException(
                className + ": no such class on the class path or in the jars of " + folder));
  }

  private static Optional<Class<?>> load(String className, ClassLoader loader) {
    try {
      return Optional.of(Class.forName(className, true, loader));
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    } catch (LinkageError e) {
      throw new IllegalArgumentException(className + ": cannot be linked, " + e, e);
    }
  }

  private List<Path> jars() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private URLClassLoader loader(Path path) {
    try {
      Jar jar = new Jar(path, Files.getLastModifiedTime(path), Files.size(path));
      Jar before = current.put(path, jar);
      if (before != null && !before.equals(jar)) {
        // Not closed: a snapshot that is still in use may load from it. It goes with the last one.
        loaders.remove(before);
      }
      URL[] urls = {path.toUri().toURL()};
      return loaders.computeIfAbsent(
          jar,
          j ->
              new URLClassLoader(
                  path.getFileName().toString(), urls, Plugins.class.getClassLoader()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    List<URLClassLoader> open = new ArrayList<>(loaders.values());
    loaders.clear();
    current.clear();
    for (URLClassLoader loader : open) {
      loader.close();
    }
  }
}
