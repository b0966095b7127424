package io.sentinelgateway.route;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The candidates of one host pattern, by path. Immutable; shared by all loops. */
final class PathIndex {

  private final SegmentMap<Candidate> exact;
  private final @Nullable PathTrie trie;
  private final @Nullable Candidate unindexed;

  private PathIndex(Builder builder) {
    Map<String, Candidate> paths = new HashMap<>();
    builder.exact.forEach((path, place) -> paths.put(path, place.build()));
    this.exact = SegmentMap.of(paths);
    this.trie = builder.trie == null ? null : builder.trie.build();
    this.unindexed = builder.unindexed.build();
  }

  /** The best of what was found so far and what stands here. */
  Candidate better(Subject request, Candidate found) {
    Candidate same = exact.get(request.head().path());
    Candidate best = Candidate.better(same, request, found);
    if (trie != null) {
      best = trie.better(request, best);
    }
    return Candidate.better(unindexed, request, best);
  }

  /** Collects rules, which must come in order. Confined to one thread. */
  static final class Builder {

    private final Map<String, Candidate.Place> exact = new HashMap<>();
    private final Candidate.Place unindexed = new Candidate.Place();
    private PathTrie.@Nullable Builder trie;

    void add(Candidate.Ranked rule) {
      PathCondition path = rule.rule().path();
      if (path instanceof PathCondition.Exact condition) {
        exact.computeIfAbsent(condition.path(), p -> new Candidate.Place()).add(rule);
      } else if (path instanceof PathCondition.Prefix prefix) {
        trie().add(prefix, rule);
      } else if (path instanceof PathTemplate template) {
        trie().add(template, rule);
      } else {
        unindexed.add(rule);
      }
    }

    PathIndex build() {
      return new PathIndex(this);
    }

    private PathTrie.Builder trie() {
      if (trie == null) {
        trie = new PathTrie.Builder();
      }
      return trie;
    }
  }
}
