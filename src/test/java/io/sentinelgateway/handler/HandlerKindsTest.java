package io.sentinelgateway.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sentinelgateway.config.HandlerSettings;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Kind;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every handler has in common. */
@ExtendWith(VertxExtension.class)
class HandlerKindsTest {

  static Stream<Kind<?, HandlerWiring, Handler>> kinds() {
    return HandlerKinds.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void settingsAreADocumentedRecord(Kind<?, ?, ?> kind) {
    assertThat(kind.settings()).isRecord().isAssignableTo(HandlerSettings.class).isFinal();
    assertThat(kind.settings().getAnnotation(Doc.class)).isNotNull();
    for (RecordComponent component : kind.settings().getRecordComponents()) {
      assertThat(component.getAnnotation(Doc.class)).as(component.getName()).isNotNull();
    }
  }

  /** The least a user can write for each kind. */
  @ParameterizedTest
  @ValueSource(strings = {"redirect: {to: /x}", "respond: {}", "static: {root: src}"})
  void isBuiltFromItsDefaults(String yaml, Vertx vertx) {
    assertThat(HandlerFixture.handler(vertx, yaml)).isNotNull();
    assertThat(HandlerFixture.settings(yaml)).isEqualTo(HandlerFixture.settings(yaml));
  }

  @Test
  void wordsAreUnique() {
    List<String> words = kinds().map(Kind::word).toList();
    assertThat(words).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void refusesSettingsOfNoHandler() {
    record Stranger() implements HandlerSettings {}
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HandlerKinds.create(new Stranger(), null));
  }
}
