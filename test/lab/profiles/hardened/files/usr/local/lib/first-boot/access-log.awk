# A day of nginx's access log: UptimeRobot every five minutes from one of its two places, and the office at work.
# begin, end: seconds since 1970. server: the host's name.
function request(time, from, line, status, bytes, referer, agent) {
  printf "%s - - [%s] \"%s\" %d %d \"%s\" \"%s\"\n", from, strftime("%d/%b/%Y:%H:%M:%S %z", time), line, status, bytes, referer, agent
}
BEGIN {
  robot = "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)"
  browser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
  page = "https://" server ".lab.test/"
  for (time = begin; time <= end; time += 300) {
    hour = int((time - begin) / 3600)
    request(time + 7, (time / 300) % 2 ? "198.51.100.201" : "198.51.100.202", "HEAD /healthz HTTP/1.1", 200, 0, page "healthz", robot)
    if (hour < 9 || hour > 18 || (time - begin) % 3600 != 900) continue
    request(time + 31, "10.83.0.10", "GET / HTTP/2.0", 200, 2391, "-", browser)
    request(time + 32, "10.83.0.10", "GET /control-ui-config.json HTTP/2.0", 200, 412, page, browser)
    request(time + 95, "10.83.0.10", "GET / HTTP/1.1", 101, 18822, "-", browser)
  }
}
