package io.sentinelgateway.route;

import java.util.HashMap;
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
  private final @Nullable Candidate prefixes;
  private final @Nullable Candidate below;
  private final @Nullable Candidate here;

  private PathTrie(Builder builder) {
    Map<String, PathTrie> children = new HashMap<>();
    builder.literal.forEach((segment, child) -> children.put(segment, new PathTrie(child)));
    this.literal = SegmentMap.of(children);
    this.named = builder.named == null ? null : new PathTrie(builder.named);
    this.prefixes = builder.prefixes.build();
    this.below = builder.below.build();
    this.here = builder.here.build();
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

  /** Collects rules, which must come in order. Confined to one thread. */
  static final class Builder {

    private final Map<String, Builder> literal = new HashMap<>();
    private @Nullable Builder named;

    /** Hold for this path and everything below it. */
    private final Candidate.Place prefixes = new Candidate.Place();

    /** Hold for everything below this path. */
    private final Candidate.Place below = new Candidate.Place();

    /** Hold for this path only. */
    private final Candidate.Place here = new Candidate.Place();

    void add(PathCondition.Prefix prefix, Candidate.Ranked rule) {
      Builder node = this;
      String[] segments = prefix.path().substring(1).split("/", -1);
      int last = segments.length - 1;
      for (int i = 0; i < last; i++) {
        node = node.child(segments[i]);
      }
      if (segments[last].isEmpty()) {
        node.below.add(rule);
      } else {
        node.child(segments[last]).prefixes.add(rule);
      }
    }

    void add(PathTemplate template, Candidate.Ranked rule) {
      Builder node = this;
      for (String segment : template.segments()) {
        if (segment.equals(PathTemplate.REST)) {
          node.below.add(rule);
          return;
        }
        node = segment.equals(PathTemplate.ONE) ? node.named() : node.child(segment);
      }
      node.here.add(rule);
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
