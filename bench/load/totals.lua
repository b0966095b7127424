-- wrk's totals in one line for a script: requests, microseconds, bytes read, errors, timeouts.
-- Arguments: "post N" sends N bytes with each request; "routes HOSTS PREFIXES" goes round all of them.

local every, turn = nil, 0

function init(args)
  if args[1] == "post" then
    wrk.method, wrk.body = "POST", string.rep("x", tonumber(args[2]))
  elseif args[1] == "routes" then
    every = {}
    for host = 0, args[2] - 1 do
      for prefix = 0, args[3] - 1 do
        wrk.headers["Host"] = "h" .. host .. ".example"
        every[#every + 1] = wrk.format("GET", "/p" .. prefix .. "/bench")
      end
    end
    -- A prime step, so that neighbours in the list are not neighbours in time.
    function request()
      turn = (turn + 379) % #every
      return every[turn + 1]
    end
  end
end

function done(summary)
  local e = summary.errors
  io.write(string.format("total %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes,
    e.connect + e.read + e.write + e.status, e.timeout))
end
