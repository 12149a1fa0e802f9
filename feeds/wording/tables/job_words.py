"""Jobs and workers: what becomes of them, and what their page says."""

from __future__ import annotations

JOB_STATES = {
    "waiting": ("待機中", "waiting"),
    "running": ("実行中", "running"),
    "done": ("完了", "done"),
    "failed": ("失敗", "failed"),
    "cancelled": ("取消", "cancelled"),
}
JOB_OUTCOMES = {
    "done": ("完了", "done"),
    "failed": ("失敗あり", "with failures"),
    "nothing-free": ("他で巡回中", "host visited elsewhere"),
    "killed": ("強制終了", "its process was killed"),
}
"""What became of the process of a job."""
JOB_TASKS = {
    "visit": ("巡回", "visit"),
    "enqueue": ("期限の確認", "enqueue what is due"),
    "recover": ("中断の再開", "do again what broke off"),
    "publish": ("公開", "publish"),
    "notify": ("通知", "notify"),
    "verify": ("検証", "verify"),
    "tidy": ("整理", "tidy up"),
}
JOB_LABELS = {
    "jobs": ("ジョブ", "Jobs"),
    "workers": ("ワーカー", "Workers"),
    "set-aside": ("巡回を一時停止中のホスト", "Hosts set aside"),
    "latest": ("最近のジョブ", "Latest jobs"),
    "no-queue": (
        "このデータベースにはジョブのキューがありません。巡回は kohyo crawl が行っています。",
        "This database has no queue of jobs: kohyo crawl makes the visits, and no kohyo worker is at work.",
    ),
    "no-jobs": ("ジョブはありません。", "There are no jobs."),
    "no-workers": ("ワーカーはありません。", "There are no workers."),
    "worker": ("ワーカー", "Worker"),
    "version": ("版", "Version"),
    "seen": ("最終確認", "Last seen"),
    "running": ("実行中", "Running"),
    "done": ("完了", "Done"),
    "failed": ("失敗", "Failed"),
    "killed": ("強制終了", "Killed"),
    "pages": ("ページ数", "Pages"),
    "number": ("番号", "Number"),
    "task": ("内容", "Task"),
    "host": ("ホスト", "Host"),
    "state": ("状態", "State"),
    "began": ("開始", "Began"),
    "seconds": ("秒数", "Seconds"),
    "ended": ("終了済み", "ended"),
    "silent": ("応答なし", "silent"),
    "rests": ("{}まで(連続{}回の強制終了)", "until {} ({} visits in a row killed)"),
}
"""What stands on the page of jobs."""
