package io.sentinelgateway.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sentinelgateway.config.FilterSettings;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Kind;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every filter has in common. */
class FilterKindsTest {

  static Stream<Kind<?, FilterWiring, Filter>> kinds() {
    return FilterKinds.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void settingsAreADocumentedRecord(Kind<?, ?, ?> kind) {
    assertThat(kind.settings()).isRecord().isAssignableTo(FilterSettings.class).isFinal();
    assertThat(kind.settings().getAnnotation(Doc.class)).isNotNull();
    for (RecordComponent component : kind.settings().getRecordComponents()) {
      assertThat(component.getAnnotation(Doc.class)).as(component.getName()).isNotNull();
    }
  }

  /** The least a user can write for each kind. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{type: forwarded}",
        "{type: headers, request: {remove: [X-Debug]}}",
        "{type: interceptor, class-name: io.sentinelgateway.filter.InterceptorFilterTest$Tag}",
        "{type: redirect, scheme: https}",
        "{type: request-id}",
        "{type: rewrite, strip-prefix: /api}",
        "{type: security-headers}"
      })
  void isBuiltFromItsDefaults(String yaml) {
    assertThat(FilterFixture.filter(yaml)).isNotNull();
    assertThat(FilterFixture.settings(yaml)).isEqualTo(FilterFixture.settings(yaml));
  }

  @Test
  void wordsAreUnique() {
    List<String> words = kinds().map(Kind::word).toList();
    assertThat(words).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void refusesSettingsOfNoFilter() {
    record Stranger() implements FilterSettings {}
    assertThatIllegalArgumentException().isThrownBy(() -> FilterKinds.create(new Stranger(), null));
  }
}
