package io.sentinelgateway.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Conditions on a request; all that are present must hold. */
public record MatchConfig(
    @Doc("Any of these hosts: exact, `*.example.com` (one label), or `~regex`.") @Default("[]")
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

  void check(Problems problems) {
    for (int i = 0; i < methods.size(); i++) {
      String method = methods.get(i);
      problems
          .at("methods")
          .at(i)
          .require(
              method.matches("[A-Z][A-Z0-9-]{0,31}"),
              method + " (expected: a method, such as GET)");
    }
    for (int i = 0; i < any.size(); i++) {
      any.get(i).check(problems.at("any").at(i));
    }
    not.ifPresent(m -> m.check(problems.at("not")));
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
