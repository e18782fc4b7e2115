//! A workerd that serves one worker on a port and a disk of its own.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::Result;
use crate::contestant::{Contestant, Worker};
use crate::setup::Setup;
use crate::usage;

/// How long a server may take until it listens.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a server has to do nothing to be taken for quiet, and which share of a processor is nothing.
const QUIET: Duration = Duration::from_millis(100);
const NOTHING: Duration = Duration::from_millis(1);

/// A running workerd; killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) port: u16,
    program: PathBuf,
    /// With its configuration, its modules, its disk, and what it says.
    folder: PathBuf,
    child: Option<Child>,
}

/// The names in that folder.
const DISK: &str = "disk";
const CONFIGURATION: &str = "config.capnp";
const LOG: &str = "log";

impl Server {
    /// Serves a contestant with an empty disk. `work` names the disk.
    pub(crate) async fn fresh(setup: &Setup, contestant: Contestant, work: &str) -> Result<Self> {
        Self::serve(setup, &contestant.worker(), work).await
    }

    /// Serves a worker with an empty disk.
    pub(crate) async fn serve(setup: &Setup, worker: &Worker, work: &str) -> Result<Self> {
        let folder = setup.scratch.join("served").join(format!("{work}-{}", worker.name));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(folder.join(DISK))?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut server = Self { port, program: setup.workerd.clone(), folder, child: None };
        server.configure(setup, worker)?;
        server.start()?;
        server.listens().await?;
        Ok(server)
    }

    /// Serves a contestant behind the meter, with an empty disk.
    pub(crate) async fn metered(setup: &Setup, contestant: Contestant, work: &str) -> Result<Self> {
        Self::serve(setup, &contestant.metered(), work).await
    }

    /// Serves a contestant as it is on the disk on which it was behind the meter.
    pub(crate) async fn unmetered(mut self, setup: &Setup, contestant: Contestant) -> Result<Self> {
        self.stop()?;
        self.configure(setup, &contestant.worker())?;
        self.start()?;
        self.listens().await?;
        Ok(self)
    }

    /// Has the process end by itself. It then closes its databases, whose write-ahead logs would otherwise be read once
    /// more by the next, which takes as long as they are.
    pub(crate) fn stop(&mut self) -> Result<()> {
        let asked = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.id()?)]).status()?;
        if !asked.success() {
            return Err("the server cannot be asked to end".into());
        }
        if let Some(mut child) = self.child.take() {
            child.wait()?;
        }
        Ok(())
    }

    /// Kills the process in the midst of all that it does, as the machine's end would.
    pub(crate) fn crash(&mut self) {
        if let Some(mut child) = self.child.take() {
            // A process that is gone already is what was asked for.
            let _gone = child.kill();
            let _gone = child.wait();
        }
    }

    /// Starts a process that was stopped, on the same disk and port. It does not wait until that listens.
    pub(crate) fn start(&mut self) -> Result<()> {
        let log = File::options().create(true).append(true).open(self.folder.join(LOG))?;
        let mut command = Command::new(&self.program);
        command.arg("serve").arg(self.folder.join(CONFIGURATION));
        self.child = Some(command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?);
        Ok(())
    }

    /// Waits until the server takes connections.
    pub(crate) async fn listens(&self) -> Result<()> {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            if started.elapsed() > PATIENCE {
                let said = fs::read_to_string(self.folder.join(LOG)).unwrap_or_default();
                return Err(format!("workerd does not serve `{}`: {said}", self.folder.display()).into());
            }
            sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }

    /// Waits until the server has done what it was asked to.
    pub(crate) async fn quiet(&self) -> Result<()> {
        loop {
            let before = self.cpu()?;
            sleep(QUIET).await;
            if self.cpu()?.saturating_sub(before) < NOTHING {
                return Ok(());
            }
        }
    }

    /// Returns the processor time it has used so far.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        usage::cpu(self.id()?)
    }

    /// Returns the memory it uses now, in bytes.
    pub(crate) fn resident(&self) -> Result<u64> {
        usage::resident(self.id()?)
    }

    fn id(&self) -> Result<u32> {
        Ok(self.child.as_ref().map(Child::id).ok_or("the server is not running")?)
    }

    /// Writes down what is to be served.
    fn configure(&self, setup: &Setup, worker: &Worker) -> Result<()> {
        let disk = self.folder.join(DISK);
        fs::write(
            self.folder.join(CONFIGURATION),
            worker.configuration(self.port, &disk.display().to_string()),
        )?;
        for module in worker.modules {
            fs::copy(setup.root.join(module.path), self.folder.join(module.name))?;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.crash();
    }
}
