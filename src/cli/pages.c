/* The words of every command: what its options cannot say by themselves. */
#include "traj/cli/command.h"
#include "traj/cli/options.h"

const traj_page traj_page_train = {
    .name = "train",
    .command = TRAJ_CMD_TRAIN,
    .usage = "--players FILE... [options]",
    .summary = "learn a model from tracking data",
    .description =
        "Reads tracking data, learns how players and ball move together, and writes a model "
        "folder: weights, configuration, log, checkpoint and a model card. models/latest points "
        "at it from the first epoch on, so that 'traj rollout' and --resume find it.\n"
        "What the data does not say (units, frame rate, who attacks where) is found out and "
        "printed "
        "with its reason and the option that overrides it.\n"
        "Ctrl-C saves a checkpoint; --resume goes on from it.",
    .examples = "  traj train --players tracking.csv\n"
                "  traj train --players home.csv away.csv --minutes 10\n"
                "  traj train --players match*.csv --valid last.csv --hidden 128\n"
                "  traj train --players plays.csv --unit yards --frames 1:5000 --dry-run\n",
    .announced = true};

const traj_page traj_page_rollout = {
    .name = "rollout",
    .command = TRAJ_CMD_ROLLOUT,
    .usage = "[--horizon N] [--model DIR] [--players FILE...] [options]",
    .summary = "generate what could happen next",
    .description =
        "Observes the last --burn-in frames up to --at, then generates --horizon frames in "
        "--samples different futures and writes them to a CSV file: one row per agent, frame and "
        "sample. Without --players it takes the data the model was validated on. The generated "
        "frames never see the true future, except through the agents named by --hold.",
    .examples = "  traj rollout --horizon 50\n"
                "  traj rollout --players tracking.csv --at 12345 --samples 100\n"
                "  traj rollout --hold ball,home --out defence.csv\n"
                "  traj rollout --mean --layout wide --out - | head\n"
                "  traj rollout --model models/derby-ddpm --steps 100 --chain chain.csv\n",
    .announced = true};

const traj_page traj_page_evaluate = {
    .name = "evaluate",
    .command = TRAJ_CMD_EVALUATE,
    .usage = "[--model DIR...] [--players FILE...] [--protocol NAME] [options]",
    .summary = "how good models are, beside baselines",
    .description =
        "Cuts the data into scenes of --protocol, forecasts each --samples times with every model "
        "and baseline, and compares with what happened: distances of the best and the average "
        "sample, per agent and joint, proper scores, collisions, how bodies move, and how likely "
        "the model found it. Intervals are 95 %, by bootstrap over scenes (blocks of them where "
        "windows overlap, whole matches from five on). All sources forecast "
        "the same scenes and count the same agents: those recorded in every frame and never put "
        "elsewhere, as simulators do at restarts. Without "
        "--players it takes the data the first model was validated on. Several models are also "
        "compared in pairs with the first; several seeds of one configuration are averaged.\n"
        "Protocols (rate, frames observed -> forecast): traj 10 Hz, 20 -> 50; bundes 6.25 Hz, 10 "
        "-> 30; nba 5 Hz, 10 -> 20; ethucy 2.5 Hz, 8 -> 12, a window at every frame; cobso 10 Hz, "
        "20 -> 40.",
    .examples = "  traj evaluate --players plays_val.csv\n"
                "  traj evaluate --model models/gvrnn models/vrnn --players last.csv\n"
                "  traj evaluate --model none --protocol nba --players games.csv\n"
                "  traj evaluate --players match.csv --json --per-scene scenes.csv\n",
    .announced = true};

const traj_page traj_page_impute = {
    .name = "impute",
    .command = TRAJ_CMD_IMPUTE,
    .usage = "--hide LIST [--model DIR] [--players FILE...] [--at FRAME] [options]",
    .summary = "where hidden players were",
    .description =
        "Hides the agents named by --hide for --horizon frames after --at and generates where they "
        "were, given their past, all others, and where they are seen next. Writes the columns of "
        "rollout.csv. What is recorded of the hidden in the gap is not read; where there is any, "
        "prints how far off the answer is on average, and that of a straight line to where they "
        "are seen next and of their last velocity. --method linear and cv need no model.",
    .examples = "  traj impute --players tracking.csv --at 12345 --hide home_7,away_10\n"
                "  traj impute --model models/derby --players match.csv --at all --hide home\n"
                "  traj impute --method linear --players tracking.csv --at 12345 --hide ball\n",
    .announced = true};

const traj_page traj_page_denoise = {
    .name = "denoise",
    .command = TRAJ_CMD_DENOISE,
    .usage = "--players FILE... --noise S [--model DIR] [options]",
    .summary = "take the noise out of tracks",
    .description =
        "Takes tracks with Gaussian noise of --noise metres in each coordinate and writes where "
        "everybody most likely was: a long CSV file that every command reads, at the rate of the "
        "data or of the model. By a ddpm or vdm, all agents together; or agent by agent by a "
        "Kalman smoother (constant acceleration disturbed by white jerk, as much as is likeliest) "
        "or a Savitzky-Golay filter. The sidecar holds each agent's spread: the standard deviation "
        "of what is left. With --add-noise tracks taken as clean get noise first, and the error "
        "before and after is printed for every method.",
    .examples = "  traj denoise --players tracking.csv --noise 0.3\n"
                "  traj denoise --model models/derby-ddpm --players tracking.csv --noise 0.3\n"
                "  traj denoise --players tracking.csv --rate 10 --noise 1 --add-noise --json\n",
    .announced = true};

const traj_page traj_page_score = {
    .name = "score",
    .command = TRAJ_CMD_SCORE,
    .usage = "[--model DIR] [--players FILE...] [options]",
    .summary = "how likely a model finds recorded play",
    .description =
        "Prints the likelihood bound of recorded movement under a model, in nats per agent-step "
        "(positions in metres): the ELBO with its reconstruction and KL terms, and with --samples "
        "L "
        "the tighter importance-weighted bound.",
    .examples = "  traj score --players tracking.csv\n"
                "  traj score --model models/derby --players tracking.csv --samples 64 --json\n",
    .announced = true};

const traj_page traj_page_bench = {
    .name = "bench",
    .command = TRAJ_CMD_BENCH,
    .usage = "[--json] [options]",
    .summary = "measure this machine's speed",
    .description =
        "Times training steps, rollouts, reading and matrix products, and compares training and "
        "rollout with the same matrix products alone: the share of the roofline that is reached.",
    .examples = "  traj bench\n"
                "  traj bench --threads 1 --json\n"};

const traj_page traj_page_info = {
    .name = "info",
    .command = TRAJ_CMD_INFO,
    .usage = "FILE... [options]",
    .summary = "what traj sees in a file",
    .description =
        "Reads tracking data exactly as 'traj train' would and prints what it found: frame rate, "
        "periods, pitch, teams, players and how much of each is missing, speeds, resolution, and "
        "every guess with the option that overrides it. Look here first when data is new.",
    .examples = "  traj info tracking.csv\n"
                "  traj info home.csv away.csv --home-attacks right,left\n"
                "  traj info tracking.csv --json\n",
    .positional = "players"};

const traj_page traj_page_convert = {
    .name = "convert",
    .command = TRAJ_CMD_CONVERT,
    .usage = "FILE... --out FILE [options]",
    .summary = "tracking data in another format, plain CSV first",
    .description =
        "Reads tracking data exactly as 'traj train' would and writes it in one frame of "
        "reference: metres from the centre spot, y up, home attacking right. The files are one "
        "match: a Metrica home/away pair, or a single file. --to chooses the format; metadata, "
        "where it has them, are written beside it. traj reads the result back.",
    .examples = "  traj convert tracking.csv --out long.csv\n"
                "  traj convert home.csv away.csv --rate 10 --to wide --out match.csv\n"
                "  traj convert tracab.dat --meta tracab_metadata.xml --out match.csv\n"
                "  traj convert match.csv --to cdf --out match.jsonl\n"
                "  traj convert plays.csv --orient keep --out - | head\n",
    .positional = "players"};

const traj_page traj_page_simulate = {
    .name = "simulate",
    .command = TRAJ_CMD_SIMULATE,
    .usage = "[--minutes N] [--seed S] [--out FILE] [options]",
    .summary = "play a small football simulation",
    .description =
        "Writes a simulated match of 22 players and a ball as tracking data: something to learn "
        "from when no real match is at hand. The same options give the same file, bit for bit.",
    .examples = "  traj simulate --minutes 90 --seed 7 --out match.csv\n"
                "  traj simulate --minutes 1 --rate 25 --noise 0.05 --out - | head\n"};

const traj_page traj_page_help = {
    .name = "help",
    .command = TRAJ_CMD_HELP,
    .usage = "[COMMAND...] [--version] [--man] [--completion]",
    .summary = "explain commands and their options",
    .description =
        "Without arguments lists the commands; with a command explains it. Every option can also "
        "be set in the environment (--burn-in as TRAJ_BURN_IN) and in a JSON file given with "
        "--config ({\"burn-in\": 10}). The strongest source wins: flag, then environment, "
        "--config, "
        "--preset, default.",
    .examples = "  traj help train\n"
                "  traj help --man | man -l -\n"
                "  source <(traj help --completion)\n",
    .positional = "topic"};
