package io.sentinelgateway.yaml;

import io.sentinelgateway.source.SourceText;
import io.sentinelgateway.yaml.YamlNode.Mapping;
import io.sentinelgateway.yaml.YamlNode.Scalar;
import io.sentinelgateway.yaml.YamlNode.Sequence;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Names a content by SHA-256. Taken from the nodes before the environment is put in: it is shown to
 * everybody who sees the status, and must not help to guess a secret.
 */
final class ContentHash {

  private final MessageDigest digest;

  private ContentHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Of the document; of the plain texts when there is none, because they are not YAML. */
  static String of(Mapping root, List<SourceText> sources) {
    ContentHash hash = new ContentHash();
    if (root.entries().isEmpty()) {
      sources.forEach(source -> hash.text('t', source.text()));
    } else {
      hash.node(root);
    }
    return HexFormat.of().formatHex(hash.digest.digest());
  }

  private void node(YamlNode node) {
    if (node instanceof Scalar scalar) {
      text('s', scalar.kind() + scalar.text());
    } else if (node instanceof Sequence sequence) {
      text('l', Integer.toString(sequence.items().size()));
      sequence.items().forEach(this::node);
    } else if (node instanceof Mapping mapping) {
      text('m', Integer.toString(mapping.entries().size()));
      mapping
          .entries()
          .forEach(
              (key, entry) -> {
                text('k', key);
                node(entry.value());
              });
    }
  }

  /** With its length before it, so that no two contents give the same bytes. */
  private void text(char tag, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((tag + Integer.toString(bytes.length) + ':').getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }
}
