package io.sentinelgateway.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prefixes and templates as a tree of path segments. Immutable; shared by all loops.
 *
 * <p>A lookup walks down the path once, and twice below a segment that is both literal and named;
 * its cost follows the length of the path, not the number of routes.
 */
final class PathTrie {

  private final SegmentMap<PathTrie> literal;
  private final @Nullable PathTrie named;
  private final Candidate[] prefixes;
  private final Candidate[] below;
  private final Candidate[] here;

  private PathTrie(Builder builder) {
    Map<String, PathTrie> children = new HashMap<>();
    builder.literal.forEach((segment, child) -> children.put(segment, new PathTrie(child)));
    this.literal = new SegmentMap<>(children);
    this.named = builder.named == null ? null : new PathTrie(builder.named);
    this.prefixes = builder.prefixes.toArray(Candidate.NOBODY);
    this.below = builder.below.toArray(Candidate.NOBODY);
    this.here = builder.here.toArray(Candidate.NOBODY);
  }

  /** The best of what was found so far and what stands here or below. */
  Candidate better(Subject request, Candidate best) {
    String path = request.head().path();
    return path.charAt(0) == '/' ? better(request, path, 1, best) : best;
  }

  /**
   * Walks on from a node.
   *
   * @param start where the next segment begins; beyond the path when there is none
   */
  private Candidate better(Subject request, String path, int start, Candidate found) {
    Candidate best = Candidate.better(prefixes, request, found);
    if (start > path.length()) {
      return Candidate.better(here, request, best);
    }
    best = Candidate.better(below, request, best);
    int slash = path.indexOf('/', start);
    int end = slash < 0 ? path.length() : slash;
    PathTrie child = literal.get(path, start, end);
    if (child != null) {
      best = child.better(request, path, end + 1, best);
    }
    if (named != null && end > start) {
      best = named.better(request, path, end + 1, best);
    }
    return best;
  }

  /** Collects candidates, which must come in order. Confined to one thread. */
  static final class Builder {

    private final Map<String, Builder> literal = new HashMap<>();
    private @Nullable Builder named;

    /** Hold for this path and everything below it. */
    private final List<Candidate> prefixes = new ArrayList<>(0);

    /** Hold for everything below this path. */
    private final List<Candidate> below = new ArrayList<>(0);

    /** Hold for this path only. */
    private final List<Candidate> here = new ArrayList<>(0);

    void add(PathCondition.Prefix prefix, Candidate candidate) {
      Builder node = this;
      String[] segments = prefix.path().substring(1).split("/", -1);
      int last = segments.length - 1;
      for (int i = 0; i < last; i++) {
        node = node.child(segments[i]);
      }
      if (segments[last].isEmpty()) {
        node.below.add(candidate);
      } else {
        node.child(segments[last]).prefixes.add(candidate);
      }
    }

    void add(PathTemplate template, Candidate candidate) {
      Builder node = this;
      for (String segment : template.segments()) {
        if (segment.equals(PathTemplate.REST)) {
          node.below.add(candidate);
          return;
        }
        node = segment.equals(PathTemplate.ONE) ? node.named() : node.child(segment);
      }
      node.here.add(candidate);
    }

    PathTrie build() {
      return new PathTrie(this);
    }

    private Builder child(String segment) {
      return literal.computeIfAbsent(segment, s -> new Builder());
    }

    private Builder named() {
      if (named == null) {
        named = new Builder();
      }
      return named;
    }
  }
}
