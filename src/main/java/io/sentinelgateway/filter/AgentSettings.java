package io.sentinelgateway.filter;

import io.sentinelgateway.agent.Event;
import io.sentinelgateway.config.FilterSettings;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.ShedMode;
import io.sentinelgateway.exchange.Template;
import io.sentinelgateway.schema.ByteSize;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Percent;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.schema.Suggestion;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** Settings of {@code type: agent}. */
@Doc("Asks a program outside of the gateway, an agent, what is to be done with a request.")
record AgentSettings(
    @Doc("Id of an entry of `agents`.") String agent,
    @Doc(
            "What it is asked about: `request-headers`, `request-body` (nothing of it is sent to the"
                + " origin before the agent has seen all), `response-headers`.")
        @Default("[request-headers]")
        List<Event> on,
    @Doc("How long each question may take.") @Default("100ms") @Range(min = "1ms", max = "1m")
        Duration timeout,
    @Doc(
            "What becomes of a request when the agent is not there, is late, or answers what it may"
                + " not: `closed` refuses the request, `open` lets it go on.")
        @Default("closed")
        OnFailure onFailure,
    @Doc("`observe` asks, and counts what it would deny, but changes and denies nothing.")
        @Default("enforce")
        ShedMode mode,
    @Doc("Share of the requests that it is asked about.") @Default("100%") Percent sample,
    @Doc("With `request-body`: the most content that is held for it.")
        @Default("1MiB")
        @Range(min = "1KiB", max = "256MiB")
        ByteSize bodyBytes,
    @Doc(
            "Content beyond `body-bytes`: `reject` answers 413; `pass` shows the agent so much and no"
                + " more.")
        @Default("reject")
        BodyOver bodyOver,
    @Doc(
            value =
                "Where clients are sent that must pass a challenge, by its type; templates. A"
                    + " challenge that is not named here denies the request.",
            example = "{captcha: \"https://example.com/captcha?back={path}\"}")
        @Default("{}")
        Map<String, Template> challenges)
    implements FilterSettings {

  /** What becomes of a request that was not judged. */
  enum OnFailure {
    CLOSED,
    OPEN
  }

  /** What becomes of content that is too large to be held. */
  enum BodyOver {
    REJECT,
    PASS
  }

  @Override
  public void check(GatewayConfig config, Problems problems) {
    problems
        .at("agent")
        .require(
            config.agents().containsKey(agent),
            Suggestion.unknown("agent", agent, config.agents().keySet()));
    problems
        .at("on")
        .require(
            !on.isEmpty() && EnumSet.copyOf(on).size() == on.size(),
            "none, or one twice (expected: what the agent is asked about)");
    problems.at("sample").require(sample.share() > 0, "0% (expected: more than 0%, up to 100%)");
    challenges.forEach(
        (type, where) ->
            problems
                .at("challenges")
                .at(type)
                .require(
                    where.prefix().matches("(https?://[!-~]+|/[!-~]*)"),
                    where + " (expected: a URL, or a path that starts with /)"));
  }
}
