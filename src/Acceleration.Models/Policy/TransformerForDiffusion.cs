using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// The transformer of Diffusion Policy (Chi et al., "Diffusion Policy: Visuomotor Policy Learning via Action Diffusion", arXiv:2303.04137): a sequence of actions is denoised, given what a robot observes. Latents are
/// [rows, action_dim, horizon], channels first: actions are the tokens. The condition <c>observation</c> [rows, steps, width] is read where the network was made for one.
/// </summary>
/// <remarks>Actions and observations are normalised as in training, which is the caller's part: published policies keep ranges beside the network.</remarks>
public sealed class TransformerForDiffusion : IDenoiser
{
    private readonly PolicyTransformerNetwork _network;

    private TransformerForDiffusion(NetworkSource source)
    {
        _network = PolicyTransformerLoader.Load(source.File, source.Options);
        var c = _network.Config;
        Info = source.Describe(_network.Sites.Map, _network.Device, [c.ActionSize, c.Horizon], c.Training.Prediction, c.Training.Noise) with
        {
            SpecialPerFrame = c.TimeIsToken ? 1 : 0,
            Conditions = c.ObservationSize > 0 ? [new(ConditionNames.Observation, c.Observations, c.ObservationSize) { IsSequence = c.ObservationsVary }] : [],
        };
    }

    /// <inheritdoc/>
    public DenoiserInfo Info { get; }

    /// <summary>
    /// Loads a checkpoint with the published parameter names (<c>decoder.layers.0.self_attn.in_proj_weight</c>), under any prefix, in any of its four forms: with or without observations, those encoded by a small network
    /// or by a transformer, and the form of one stream that holds the time as its first token. Keys of the noise schedule (<c>num_train_timesteps</c>, <c>beta_schedule</c>, <c>prediction_type</c>) may stand beside the network's.
    /// </summary>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either: <see cref="Checkpoint.Open"/>.</param>
    /// <param name="options">Type, device, prediction and noise; null for float32 on the CPU and what the configuration says, or 100 steps of squaredcos_cap_v2 with the noise predicted.</param>
    /// <exception cref="CheckpointException">
    /// A file is malformed, is no TransformerForDiffusion, lacks tensors or has others, or its configuration asks for something this class does not compute.
    /// </exception>
    public static TransformerForDiffusion Load(string path, NetworkOptions? options = null) => NetworkSource.Open(path, options, Load);

    /// <summary>Loads an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static TransformerForDiffusion Load(ICheckpoint file, NetworkOptions? options = null) => new(NetworkSource.Of(file, options));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Latents, times, observations or the evaluation's rows do not fit each other or the network.</exception>
    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        using var scope = NewDisposeScope();
        var c = _network.Config;
        PolicyInputs.RequireLatents(Info, latents, evaluation, c.Horizon);
        var time = PolicyInputs.Times(Info, timestep, evaluation);
        var observation = c.ObservationSize == 0 ? null : PolicyInputs.Condition(
            Info, condition[ConditionNames.Observation], ConditionNames.Observation, [c.ObservationsVary ? -c.Observations : c.Observations, c.ObservationSize], evaluation);
        evaluation.Layout = Info.Layout(latents.shape[1..]);

        var encoded = _network.Sinusoids.Apply(time, _network.Residual);
        var memory = _network.Memory?.Compute(encoded, observation);
        var h = _network.Enter(latents, encoded);
        evaluation.Publish(Signal.TimeEmbedding, h, encoded, static (_, s, _) => s);
        evaluation.Publish(Signal.ModulatedInput, h, new PolicyBlockCall(_network, 0, memory), static (h, s, e) => PolicyTransformerForward.AttentionInput(h, s, e).Main);
        h = evaluation.Chain(_network.Sites.Chain, h, (Network: _network, Memory: memory), static (h, i, s, e) => PolicyTransformerForward.Block(h, new(s.Network, i, s.Memory), e)).Main;
        return _network.Leave(h).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
