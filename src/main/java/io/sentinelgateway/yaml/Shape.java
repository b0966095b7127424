package io.sentinelgateway.yaml;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Discriminated;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.ExactlyOne;
import io.sentinelgateway.schema.Ids;
import io.sentinelgateway.schema.Inlined;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.schema.Shorthand;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A record as YAML sees it: one key per component. Everything that reader, schema, reference and
 * writer know of a record comes from here. Immutable.
 */
final class Shape {

  /** What a class says of itself never changes, and asking it is slow. */
  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return new Shape(
              type, Arrays.stream(type.getRecordComponents()).flatMap(Shape::keys).toList());
        }
      };

  private final Class<?> type;
  private final List<Key> keys;
  private final Constructor<?> constructor;

  /**
   * One key of a mapping.
   *
   * @param name in kebab-case
   * @param type of the value, without {@link Optional}
   * @param optional absent is a value of its own
   * @param defaultText the value of an absent key, as YAML
   * @param range of the value, or of the items of a list
   * @param component what the annotations stand on
   * @param within the component of the outer record, for a key of an {@link Inlined} one
   */
  record Key(
      String name,
      Type type,
      boolean optional,
      Optional<String> defaultText,
      Optional<Range> range,
      RecordComponent component,
      Optional<RecordComponent> within) {

    Optional<Doc> doc() {
      return Optional.ofNullable(component.getAnnotation(Doc.class));
    }

    Optional<String> shorthand() {
      return Optional.ofNullable(component.getAnnotation(Shorthand.class)).map(Shorthand::value);
    }

    /** The enclosing mapping carries a kind's word instead of this key. */
    boolean discriminated() {
      return component.isAnnotationPresent(Discriminated.class);
    }

    boolean ids() {
      return component.isAnnotationPresent(Ids.class);
    }

    boolean required() {
      return !optional && defaultText().isEmpty();
    }

    /** The component's value in a record. */
    Object read(Object owner) {
      Object holder = within.map(outer -> value(outer, owner)).orElse(owner);
      return value(component, holder);
    }

    private static Object value(RecordComponent component, Object owner) {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      try {
        return accessor.invoke(owner);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(component + " of " + owner.getClass(), e);
      }
    }
  }

  private Shape(Class<?> type, List<Key> keys) {
    this.type = type;
    this.keys = keys;
    constructor = constructor(type);
  }

  static Shape of(Class<?> type) {
    return SHAPES.get(type);
  }

  private static Stream<Key> keys(RecordComponent component) {
    return inlined(component)
        ? Arrays.stream(component.getType().getRecordComponents())
            .map(inner -> key(inner, Optional.of(component)))
        : Stream.of(key(component, Optional.empty()));
  }

  private static boolean inlined(RecordComponent component) {
    return component.isAnnotationPresent(Inlined.class);
  }

  private static Key key(RecordComponent component, Optional<RecordComponent> within) {
    Type type = component.getGenericType();
    boolean optional = raw(type) == Optional.class;
    return new Key(
        kebab(component.getName()),
        optional ? argument(type, 0) : type,
        optional,
        Optional.ofNullable(component.getAnnotation(Default.class)).map(Default::value),
        Optional.ofNullable(component.getAnnotation(Range.class)),
        component,
        within);
  }

  Class<?> type() {
    return type;
  }

  List<Key> keys() {
    return keys;
  }

  Optional<Key> key(String name) {
    return keys.stream().filter(k -> k.name().equals(name) && !k.discriminated()).findFirst();
  }

  /** Exactly one of the keys must be there. */
  boolean alternatives() {
    return type.isAnnotationPresent(ExactlyOne.class);
  }

  /**
   * @param values one for each key
   * @throws IllegalArgumentException as the record's own constructor does
   */
  Object create(List<Object> values) {
    Iterator<Object> next = values.iterator();
    List<Object> components = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      components.add(inlined(component) ? inner(component.getType(), next) : next.next());
    }
    try {
      return constructor.newInstance(components.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalStateException("cannot make " + type, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + type, e);
    }
  }

  private static Object inner(Class<?> type, Iterator<Object> values) {
    Shape shape = of(type);
    return shape.create(Stream.generate(values::next).limit(shape.keys().size()).toList());
  }

  private static Constructor<?> constructor(Class<?> type) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record without its constructor: " + type, e);
    }
  }

  static Class<?> raw(Type type) {
    return (Class<?>) (type instanceof ParameterizedType p ? p.getRawType() : type);
  }

  static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }

  /** {@code maxAge} in a record is {@code max-age} in YAML. */
  static String kebab(String camel) {
    return camel.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }
}
