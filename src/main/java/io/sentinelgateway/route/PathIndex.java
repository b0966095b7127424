package io.sentinelgateway.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The candidates of one host pattern, by path. Immutable; shared by all loops. */
final class PathIndex {

  private final Map<String, Candidate[]> exact;
  private final @Nullable PathTrie trie;
  private final Candidate[] unindexed;

  private PathIndex(Builder builder) {
    this.exact = new HashMap<>();
    builder.exact.forEach((path, list) -> exact.put(path, list.toArray(Candidate.NOBODY)));
    this.trie = builder.trie == null ? null : builder.trie.build();
    this.unindexed = builder.unindexed.toArray(Candidate.NOBODY);
  }

  /** The best of what was found so far and what stands here. */
  Candidate better(Subject request, Candidate found) {
    Candidate best = found;
    Candidate[] same = exact.get(request.head().path());
    if (same != null) {
      best = Candidate.better(same, request, best);
    }
    if (trie != null) {
      best = trie.better(request, best);
    }
    return Candidate.better(unindexed, request, best);
  }

  /** Collects candidates, which must come in order. Confined to one thread. */
  static final class Builder {

    private final Map<String, List<Candidate>> exact = new HashMap<>();
    private final List<Candidate> unindexed = new ArrayList<>();
    private PathTrie.@Nullable Builder trie;

    void add(@Nullable PathCondition path, Candidate candidate) {
      if (path instanceof PathCondition.Exact condition) {
        exact.computeIfAbsent(condition.path(), p -> new ArrayList<>(1)).add(candidate);
      } else if (path instanceof PathCondition.Prefix prefix) {
        trie().add(prefix, candidate);
      } else if (path instanceof PathTemplate template) {
        trie().add(template, candidate);
      } else {
        unindexed.add(candidate);
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
