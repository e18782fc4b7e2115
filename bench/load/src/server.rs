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
    configuration: PathBuf,
    log: PathBuf,
    child: Child,
}

impl Server {
    /// Serves a contestant with an empty disk. `work` names the disk.
    pub(crate) async fn fresh(setup: &Setup, contestant: Contestant, work: &str) -> Result<Self> {
        Self::serve(setup, &contestant.worker(), work).await
    }

    /// Serves a worker with an empty disk.
    pub(crate) async fn serve(setup: &Setup, worker: &Worker, work: &str) -> Result<Self> {
        let folder = setup.scratch.join("served").join(format!("{work}-{}", worker.name));
        let disk = folder.join("disk");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&disk)?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let configuration = folder.join("config.capnp");
        fs::write(&configuration, worker.configuration(port, &disk.display().to_string()))?;
        for module in worker.modules {
            fs::copy(setup.root.join(module.path), folder.join(module.name))?;
        }
        let (program, log) = (setup.workerd.clone(), folder.join("log"));
        let child = spawn(&program, &configuration, &log)?;
        let server = Self { port, program, configuration, log, child };
        server.listens().await?;
        Ok(server)
    }

    /// Ends the process and starts another on the same disk. It does not wait until that listens.
    pub(crate) fn restart(&mut self) -> Result<()> {
        self.kill();
        self.child = spawn(&self.program, &self.configuration, &self.log)?;
        Ok(())
    }

    /// Waits until the server takes connections.
    pub(crate) async fn listens(&self) -> Result<()> {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            if started.elapsed() > PATIENCE {
                let said = fs::read_to_string(&self.log).unwrap_or_default();
                return Err(
                    format!("workerd does not serve `{}`: {said}", self.configuration.display()).into()
                );
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

    /// The processor time it has used so far.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        usage::cpu(self.child.id())
    }

    /// The memory it uses now, in bytes.
    pub(crate) fn resident(&self) -> Result<u64> {
        usage::resident(self.child.id())
    }

    fn kill(&mut self) {
        // A process that is gone already is what was asked for.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn spawn(program: &PathBuf, configuration: &PathBuf, log: &PathBuf) -> Result<Child> {
    let log = File::options().create(true).append(true).open(log)?;
    let mut command = Command::new(program);
    command.arg("serve").arg(configuration);
    Ok(command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?)
}
