using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// The one-dimensional UNet of Diffusion Policy (Chi et al., arXiv:2303.04137): a sequence of actions is denoised by convolutions over time, which what a robot observes scales and shifts. Latents are
/// [rows, action_dim, horizon], channels first. The condition <c>observation</c> [rows, width] (the published global condition: all observations of a row side by side) is read where the network was made for one, and so is
/// <c>local_observation</c> [rows, horizon, width], which may be missing.
/// </summary>
/// <remarks>Actions and observations are normalised as in training, which is the caller's part: published policies keep ranges beside the network.</remarks>
public sealed class ConditionalUnet1D : IDenoiser
{
    private readonly PolicyUnetNetwork _network;

    private ConditionalUnet1D(NetworkSource source)
    {
        _network = PolicyUnetLoader.Load(source.File, source.Options);
        var c = _network.Config;
        Info = source.Describe(_network.Sites.Map, _network.Device, [c.ActionSize, c.Horizon], c.Training.Prediction, c.Training.Noise) with
        {
            SizeMultiple = c.Multiple,
            Signals = [Signal.TimeEmbedding],
            Conditions =
            [
                .. c.ObservationSize > 0 ? new[] { new ConditionSpec(ConditionNames.Observation, c.ObservationSize) } : [],
                .. c.LocalSize > 0 ? new[] { new ConditionSpec(ConditionNames.LocalObservation, c.Horizon, c.LocalSize) { IsOptional = true, IsSequence = true } } : [],
            ],
        };
    }

    /// <inheritdoc/>
    public DenoiserInfo Info { get; }

    /// <summary>
    /// Loads a checkpoint with the published parameter names (<c>down_modules.0.0.blocks.0.block.0.weight</c>), under any prefix. Keys of the noise schedule (<c>num_train_timesteps</c>, <c>beta_schedule</c>, <c>prediction_type</c>)
    /// and the usual number of actions (<c>horizon</c>, else 16) may stand beside the network's.
    /// </summary>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either: <see cref="Checkpoint.Open"/>.</param>
    /// <param name="options">Type, device, prediction and noise; null for float32 on the CPU and what the configuration says, or 100 steps of squaredcos_cap_v2 with the noise predicted.</param>
    /// <exception cref="CheckpointException">
    /// A file is malformed, is no ConditionalUnet1D, lacks tensors or has others, or its configuration asks for something this class does not compute.
    /// </exception>
    public static ConditionalUnet1D Load(string path, NetworkOptions? options = null) => NetworkSource.Open(path, options, Load);

    /// <summary>Loads an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static ConditionalUnet1D Load(ICheckpoint file, NetworkOptions? options = null) => new(NetworkSource.Of(file, options));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Latents, times, observations or the evaluation's rows do not fit each other or the network.</exception>
    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        using var scope = NewDisposeScope();
        var c = _network.Config;
        PolicyInputs.RequireLatents(Info, latents, evaluation);
        var time = _network.Time.Apply(PolicyInputs.Times(Info, timestep, evaluation));
        var feature = c.ObservationSize == 0
            ? time
            : cat([time, PolicyInputs.Condition(Info, condition[ConditionNames.Observation], ConditionNames.Observation, [c.ObservationSize], evaluation)], 1);
        evaluation.Layout = Info.Layout(latents.shape[1..]);
        evaluation.Publish(Signal.TimeEmbedding, latents, time, static (_, s, _) => s);

        var modulation = _network.Modulation.Apply(Activation.Mish.Apply(feature)).unsqueeze(2);
        var h = _network.Down[0].First.Apply(latents, modulation);
        if (c.LocalSize > 0 && condition.Find(ConditionNames.LocalObservation) is { } given)
        {
            var local = PolicyInputs.Condition(Info, given, ConditionNames.LocalObservation, [latents.size(2), c.LocalSize], evaluation);
            h = h.Increase(_network.Local!.Apply(local.transpose(1, 2), modulation));
        }

        h = _network.Down[0].Second.Apply(h, modulation);
        h = c.Widths.Count == 1 ? _network.Middle.Apply(h, modulation) : PolicyUnetForward.Level(h, new(_network, modulation), evaluation);
        var last = _network.Middle.First.Convolved(_network.LastConv, h);
        return _network.Output.Apply(last, _network.Residual).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
