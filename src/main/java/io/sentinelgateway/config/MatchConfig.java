package io.sentinelgateway.config;

import io.sentinelgateway.schema.Cidr;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.ExactlyOne;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Shorthand;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Conditions on a request; all that are present must hold. */
public record MatchConfig(
    @Doc("Any of these hosts: exact, `*.example.com` (one label), `~regex`, or `*` for any.")
        @Default("[]")
        List<String> host,
    @Doc("The normalised path; a plain text is an exact path.") Optional<PathMatch> path,
    @Doc("Any of these methods.") @Default("[]") List<String> methods,
    @Doc("Field values by name; every entry must hold.") @Default("{}")
        Map<String, ValueMatch> headers,
    @Doc("Query parameters by name; every entry must hold.") @Default("{}")
        Map<String, ValueMatch> query,
    @Doc("Cookies by name; every entry must hold.") @Default("{}") Map<String, ValueMatch> cookies,
    @Doc("Address blocks, one of which holds the client.") @Default("[]") List<Cidr> source,
    @Doc("At least one of these must hold.") @Default("[]") List<MatchConfig> any,
    @Doc("This must not hold.") Optional<MatchConfig> not) {

  /** Adds what is wrong beyond the types of the single keys. */
  public void check(Problems problems) {
    each(host, problems.at("host"), MatchRules::host);
    path.ifPresent(p -> MatchRules.path(p, problems.at("path")));
    each(methods, problems.at("methods"), MatchRules::method);
    headers.keySet().forEach(name -> MatchRules.token(name, problems.at("headers").at(name)));
    cookies.keySet().forEach(name -> MatchRules.token(name, problems.at("cookies").at(name)));
    Map.of("headers", headers, "query", query, "cookies", cookies)
        .forEach(
            (key, values) ->
                values.forEach((name, v) -> MatchRules.value(v, problems.at(key).at(name))));
    each(any, problems.at("any"), MatchConfig::check);
    not.ifPresent(m -> m.check(problems.at("not")));
  }

  private static <T> void each(List<T> items, Problems at, BiConsumer<T, Problems> check) {
    for (int i = 0; i < items.size(); i++) {
      check.accept(items.get(i), at.at(i));
    }
  }

  /** One way to match a path; exactly one of the components is present. */
  @ExactlyOne
  public record PathMatch(
      @Doc("Exactly this path.") @Shorthand Optional<String> exact,
      @Doc("This path and everything below it, by whole segments.") Optional<String> prefix,
      @Doc(
              "A path with named segments: `/users/{id}`; `{rest*}` at the end takes all that is left.")
          Optional<String> template,
      @Doc("A regular expression (RE2) that the whole path must match.") Optional<String> regex) {}

  /** One way to match a value; a plain text means exact, `present` means any value. */
  @ExactlyOne
  public record ValueMatch(
      @Doc("Exactly this value.") @Shorthand Optional<String> exact,
      @Doc("A regular expression (RE2) that the whole value must match.") Optional<String> regex,
      @Doc("True: there with any value. False: not there.") @Shorthand("present")
          Optional<Boolean> present) {}
}
