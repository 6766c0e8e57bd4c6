"""A SLURM of one node on loopback, started and stopped by the test."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Inside a job the executor clears SLURM_CONF, so that SLURM looks for its settings here.
SETTINGS = Path("/etc/slurm/slurm.conf")
PROGRAMS = ("munged", "slurmctld", "slurmd", "sinfo", "squeue", "sbatch", "srun", "scancel")
PATHS = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


class NoSlurmError(RuntimeError):
    """SLURM cannot be started here, and why."""


@contextmanager
def slurm(folder: Path) -> Iterator[None]:
    """Run the daemons with all their files in a folder; stop them by their own process ids.

    Raises
    ------
    NoSlurmError
        If this is not root, a program is absent, the machine has a SLURM already, or the node
        does not come up.
    """
    _require_room()
    folder.mkdir(mode=0o755)
    settings = _settings(folder)
    started: list[Path] = []
    try:
        SETTINGS.parent.mkdir(exist_ok=True)
        SETTINGS.symlink_to(settings)
        for pid_file, command in _daemons(folder):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                msg = f"{command[0]} did not start: {done.stderr.strip()}"
                raise NoSlurmError(msg)
            started.append(pid_file)
        _await_node()
        yield
    finally:
        for pid_file in reversed(started):
            _stop(pid_file)
        if SETTINGS.is_symlink() and SETTINGS.readlink() == settings:
            SETTINGS.unlink()


def jobs(state: str) -> dict[int, str]:
    """Give the names of the jobs in a state, such as RUNNING, by their number."""
    listed = _ask("squeue", "--noheader", "--states", state, "--format", "%A %k")
    return {int(line.split()[0]): line for line in listed.splitlines()}


def _require_room() -> None:
    if os.geteuid() != 0:
        msg = "starting SLURM needs root"
        raise NoSlurmError(msg)
    absent = [name for name in PROGRAMS if shutil.which(name, path=PATHS) is None]
    if absent:
        msg = f"absent: {', '.join(absent)} (Debian: slurmctld slurmd slurm-client munge)"
        raise NoSlurmError(msg)
    if SETTINGS.exists() or SETTINGS.is_symlink():
        msg = f"{SETTINGS} exists: this machine has a SLURM of its own, which is left alone"
        raise NoSlurmError(msg)


def _settings(folder: Path) -> Path:
    """Write the key and the settings; give the file of the settings."""
    for name in ("state", "spool", "munge"):
        (folder / name).mkdir()
    (folder / "munge").chmod(0o711)
    key = folder / "munge" / "key"
    key.write_bytes(secrets.token_bytes(128))
    key.chmod(0o400)
    host = socket.gethostname().split(".")[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 - 512
    path = folder / "slurm.conf"
    path.write_text(
        f"""ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CryptoType=crypto/munge
SlurmctldPort=16817
SlurmdPort=16818
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/none
MinJobAge=300
NodeName={host} NodeAddr=127.0.0.1 CPUs={os.cpu_count()} RealMemory={memory} State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=60 State=UP
""",
        encoding="utf-8",
    )
    return path


def _daemons(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    munge = folder / "munge"
    files = {name: f"--{name}-file={munge / name}" for name in ("key", "pid", "log", "seed")}
    yield munge / "pid", [_where("munged"), "--force", f"--socket={munge}/socket", *files.values()]
    settings = str(folder / "slurm.conf")
    for name in ("slurmctld", "slurmd"):
        yield folder / f"{name}.pid", [_where(name), "-f", settings, "-c"]


def _where(name: str) -> str:
    return shutil.which(name, path=PATHS) or name


def _await_node(seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while "idle" not in _ask("sinfo", "--noheader", "--format", "%T"):
        if time.monotonic() > until:
            msg = f"the node did not become idle within {seconds:g} seconds"
            raise NoSlurmError(msg)
        time.sleep(0.2)


def _ask(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _stop(pid_file: Path, seconds: float = 30.0) -> None:
    pid = int(pid_file.read_text(encoding="ascii"))
    try:
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            os.kill(pid, 0)
            time.sleep(0.1)
    except ProcessLookupError:
        return
