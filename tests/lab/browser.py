# SPDX-License-Identifier: BSD-3-Clause
"""Headless Chromium on a page of a file."""

import contextlib
import json
import pathlib
import tempfile

import simlib

FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync")


@contextlib.contextmanager
def chromium():
    """A browser, which is ended in any case."""
    simlib.need_packages("chromium", "chromium-driver", "python3-selenium")
    from selenium import webdriver      # installed only now
    from selenium.webdriver.chrome.service import Service

    with tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        try:
            yield browser
        finally:
            browser.quit()


def screen(browser, width, height, phone=False, dark=False):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})


def load(browser, path):
    """Loads the page; returns what went wrong: console messages, requests that failed or left the machine's files."""
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get(pathlib.Path(path).resolve().as_uri())
    wrong = [entry["message"] for entry in browser.get_log("browser")]
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.loadingFailed":
            wrong.append(f"request failed: {message['params'].get('errorText')}")
        elif message["method"] == "Network.requestWillBeSent":
            url = message["params"]["request"]["url"]
            if not url.startswith(("file:", "data:")):
                wrong.append(f"request to {url}")
    return wrong
