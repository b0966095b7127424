package io.sentinelgateway.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.schema.Kind;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No key is accepted and ignored: what a record of the configuration holds, some code reads. */
class EveryKeyIsReadTest {

  /** Judged by the reader alone: there is only one version. */
  private static final Set<String> READ_BY_THE_READER = Set.of("GatewayConfig.version");

  /** What a record does for itself does not count. */
  private static final Set<String> OWN =
      Set.of("<init>", "toString", "hashCode", "equals", "check");

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.sentinelgateway");

  @Test
  void everyComponentIsReadByCodeThatServes() {
    Set<String> unread = new TreeSet<>();
    for (Class<?> record : records()) {
      for (Shape.Key key : Shape.of(record).keys()) {
        String component = key.component().getName();
        Class<?> holder = key.component().getDeclaringRecord();
        if (!read(MAIN.get(holder), component)) {
          unread.add(simpleName(holder) + "." + component);
        }
      }
    }
    unread.removeAll(READ_BY_THE_READER);
    assertThat(unread).as("keys that are accepted and ignored").isEmpty();
  }

  /** Every record that can stand in a configuration. */
  private static Set<Class<?>> records() {
    Set<Class<?>> records = new LinkedHashSet<>();
    Stream.concat(Stream.of(GatewayConfig.class), ShippedKinds.all().stream().map(Kind::settings))
        .forEach(type -> collect(type, records));
    return records;
  }

  private static void collect(Type type, Set<Class<?>> records) {
    if (type instanceof ParameterizedType parameterized) {
      Stream.of(parameterized.getActualTypeArguments()).forEach(t -> collect(t, records));
    } else if (type instanceof Class<?> raw && raw.isSealed()) {
      Stream.of(raw.getPermittedSubclasses()).forEach(t -> collect(t, records));
    } else if (type instanceof Class<?> raw
        && raw.isRecord()
        && !ScalarTypes.scalar(raw)
        && records.add(raw)) {
      Shape.of(raw).keys().forEach(key -> collect(key.type(), records));
    }
  }

  private static boolean read(JavaClass record, String component) {
    return Stream.concat(
            accessors(record, component).flatMap(method -> method.getAccessesToSelf().stream()),
            record.getField(component).getAccessesToSelf().stream())
        .anyMatch(access -> counts(access, record, component));
  }

  /** What all settings of a sort have is asked for by the method of their interface. */
  private static Stream<JavaMethod> accessors(JavaClass record, String component) {
    return Stream.concat(
        Stream.of(record.getMethod(component)),
        record.getAllRawInterfaces().stream()
            .flatMap(type -> type.getMethods().stream())
            .filter(method -> method.getName().equals(component)));
  }

  private static boolean counts(JavaAccess<?> access, JavaClass record, String component) {
    JavaClass reader = access.getOriginOwner();
    if (reader.getPackageName().equals(ConfigReader.class.getPackageName())) {
      return false;
    }
    String method = access.getOrigin().getName().replaceFirst("^lambda\\$(\\w+)\\$.*", "$1");
    return !reader.equals(record) || !(OWN.contains(method) || method.equals(component));
  }

  private static String simpleName(Class<?> type) {
    return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
  }
}
